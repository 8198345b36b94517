import {
  checkExpression,
  ExpressionError,
  parseExpression,
  toExpressionType,
  type ExpressionType,
} from '@mortise/core/expression';
import { fieldType, hasFieldType, type FieldDefinition } from '@mortise/core/fields';
import type { EntityDocument, EntityView, FieldDocument, LocaleText } from '@mortise/core/contract';

/** What is wrong with an expression, and where. */
export interface ConditionFault {
  readonly message: LocaleText;
  /** Offset of the faulty character, or null when it is the result that does not fit. */
  readonly position: number | null;
}

/** What an expression may read: the fields of its entity, the edited one included, and one reference further. */
export interface ConditionFields {
  readonly view: EntityView | undefined;
  readonly fields: Readonly<Record<string, Partial<FieldDocument>>>;
  readonly entities: ReadonlyMap<string, EntityDocument>;
}

function typeOf(type: string, def: Readonly<Record<string, unknown>>): ExpressionType {
  if (!hasFieldType(type)) return 'string';
  return toExpressionType(fieldType(type).expressionType(def as unknown as FieldDefinition));
}

/** Type of a path as the server sees it; what this screen cannot know is left to the server (`any`). */
function fieldAt(given: readonly string[], scope: ConditionFields): ExpressionType | undefined {
  // `old.name` is the value that the record had before.
  const path = given[0] === 'old' && given.length > 1 ? given.slice(1) : given;
  const [first = '', second] = path;
  const own = scope.fields[first];
  const known = scope.view?.fields.find((field) => field.name === first);
  const type = own?.field ?? known?.type;
  if (type === undefined || own?.retired === true) return undefined;
  const def = { ...known?.def, ...own };
  if (second === undefined) return typeOf(type, def);
  if (type !== 'reference' || path.length > 2) return undefined;
  const far = scope.entities.get(String(def['entity']))?.properties[second];
  return far?.field === undefined ? 'any' : typeOf(far.field, far);
}

/** Null when the expression can be used. `condition`: it must yield true or false. */
export function checkCondition(
  source: string,
  scope: ConditionFields,
  condition: boolean,
): ConditionFault | null {
  try {
    const { type } = checkExpression(parseExpression(source), { field: (path) => fieldAt(path, scope) });
    if (!condition || type === 'bool' || type === 'any' || type === 'null') return null;
    return {
      message: {
        'zh-CN': `条件的结果须为真或假,而不是 ${type}。`,
        en: `A condition must yield true or false, not ${type}.`,
      },
      position: null,
    };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { message: error.text, position: error.position };
  }
}
