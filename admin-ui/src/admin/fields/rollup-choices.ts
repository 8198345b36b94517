import { fieldType, hasFieldType, type FieldDefinition } from '@mortise/core/fields';
import type { EntityDocument, FieldDocument } from '@mortise/core/contract';

/** What can be made of the records that refer to one. */
const FUNCTIONS = ['count', 'sum', 'min', 'max', 'avg'] as const;
export type RollupFunction = (typeof FUNCTIONS)[number];

/** A roll-up while it is edited; the server says what is still missing. */
export interface RollupDraft {
  readonly entity?: string;
  readonly by?: string;
  readonly function?: RollupFunction;
  readonly field?: string;
  readonly where?: string;
  readonly readAs?: 'reader' | 'system';
}

/** Field types that can hold a roll-up. */
export const ROLLUP_TYPES: ReadonlySet<string> = new Set([
  'integer',
  'decimal',
  'money',
  'percent',
  'date',
  'datetime',
]);

function kindOf(type: string, def: Partial<FieldDocument>): string {
  return hasFieldType(type) ? fieldType(type).expressionType(def as unknown as FieldDefinition) : '';
}

const isNumber = (kind: string): boolean => kind === 'int' || kind === 'decimal';

/** The functions whose result a field of this type can hold. */
export function functionsFor(type: string): readonly RollupFunction[] {
  const kind = kindOf(type, {});
  if (!isNumber(kind)) return ['min', 'max'];
  return kind === 'int' ? ['count', 'sum', 'min', 'max'] : FUNCTIONS;
}

/** Fields of the records that `wished` can be made of, for a field of the type; the same rule as the server's. */
export function fieldsFor(
  type: string,
  wished: RollupFunction,
  entity: EntityDocument | undefined,
): readonly [string, FieldDocument][] {
  const own = kindOf(type, {});
  return Object.entries(entity?.properties ?? {}).filter(([, def]) => {
    if (def.field === undefined || def.retired === true) return false;
    const kind = kindOf(def.field, def);
    if (wished === 'avg') return isNumber(kind);
    return kind === own || (own === 'decimal' && kind === 'int');
  });
}
