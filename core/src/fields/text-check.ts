import { codePoints, hasForbiddenCharacters } from './clean-text.ts';
import { numberAttribute, textAttribute } from './attribute.ts';
import { definitionFault, valueFault } from './fault.ts';
import type { DefinitionFault, FieldDefinition, JsonSchema, ValueFault } from './field-type.ts';

/** Schema of a text value with the length and pattern attributes of `def`. */
export function textSchema(def: FieldDefinition, maxLength: number): JsonSchema {
  const minLength = numberAttribute(def, 'minLength', 0);
  const pattern = textAttribute(def, 'pattern');
  return {
    type: 'string',
    ...(minLength > 0 ? { minLength } : {}),
    maxLength,
    ...(pattern === undefined ? {} : { pattern }),
  };
}

/**
 * Faults of a text beyond its schema: characters nobody may store, and a length that only its normal form exceeds.
 * @param normal the text in its stored form
 */
export function checkText(value: unknown, normal: unknown, maxLength: number): ValueFault | null {
  if (typeof value !== 'string') return notText();
  if (hasForbiddenCharacters(value)) {
    return valueFault(
      'MRT_VALUE_CHARACTERS',
      '含有控制字符或不完整的字符。',
      'It contains control characters or half a character.',
    );
  }
  if (typeof normal === 'string' && codePoints(normal) > maxLength) return tooLong(maxLength);
  return null;
}

/** The fault of a value that should be text. */
function notText(): ValueFault {
  return valueFault('MRT_VALUE_TYPE', '应为文本。', 'It must be text.');
}

/** The fault of a text over its length. */
function tooLong(maxLength: number): ValueFault {
  return valueFault(
    'MRT_VALUE_TOO_LONG',
    `最多 ${maxLength} 个字符。`,
    `It may have at most ${maxLength} characters.`,
  );
}

/** Faults of `minLength`, `maxLength` and `pattern`. */
export function checkTextDefinition(def: FieldDefinition, fallbackLength: number): DefinitionFault[] {
  const faults: DefinitionFault[] = [];
  if (numberAttribute(def, 'minLength', 0) > numberAttribute(def, 'maxLength', fallbackLength)) {
    faults.push(
      definitionFault(
        '/minLength',
        'MRT_FIELD_RANGE',
        'minLength 大于 maxLength。',
        'minLength is above maxLength.',
      ),
    );
  }
  const pattern = textAttribute(def, 'pattern');
  if (pattern !== undefined && !isPattern(pattern)) {
    faults.push(
      definitionFault(
        '/pattern',
        'MRT_FIELD_PATTERN',
        '不是有效的正则表达式。',
        'It is not a valid regular expression.',
      ),
    );
  }
  return faults;
}

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
