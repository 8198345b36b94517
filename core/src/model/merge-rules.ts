/**
 * How an attribute of a field or entity behaves when a higher layer sets it (ENG-07, DESIGN §3):
 * - `replace`: the higher value wins (labels, help, order, visibility).
 * - `tighten`: only towards stricter; a shipped rule may not be loosened.
 * - `extend`: entries may be added and relabelled, none taken away.
 * - `locked`: belongs to the layer that introduced the field; data or code depends on it.
 */
export type MergeRule = 'replace' | 'tighten' | 'extend' | 'locked';

/** Attributes of a field. What is not named here is locked: a new attribute must decide to be open. */
export const FIELD_RULES: Readonly<Record<string, MergeRule>> = {
  label: 'replace',
  help: 'replace',
  after: 'replace',
  hidden: 'replace',
  default: 'replace',
  visibleWhen: 'replace',
  requiredWhen: 'replace',
  readOnlyWhen: 'replace',
  duplicateCheck: 'replace',
  search: 'replace',
  pattern: 'replace',
  counting: 'replace',
  options: 'extend',
  accept: 'replace',
  required: 'tighten',
  readOnly: 'tighten',
  unique: 'tighten',
  sensitive: 'tighten',
  index: 'tighten',
  foreign: 'tighten',
  rateOn: 'replace',
  maxLength: 'tighten',
  minLength: 'tighten',
  minimum: 'tighten',
  maximum: 'tighten',
  maxCount: 'tighten',
  maxSize: 'tighten',
};

/** Attributes of an entity document. */
export const ENTITY_RULES: Readonly<Record<string, MergeRule>> = {
  label: 'replace',
  help: 'replace',
  display: 'replace',
  sort: 'replace',
  identify: 'extend',
  ownerNotice: 'replace',
  territory: 'replace',
  sharing: 'replace',
  departmentFilter: 'replace',
  unique: 'extend',
  rules: 'extend',
  properties: 'extend',
};

const LOWER_IS_STRICTER = new Set(['maxLength', 'maximum', 'maxCount', 'maxSize']);

/** True when `next` is at least as strict as `previous` for a `tighten` attribute. */
export function isTighter(attribute: string, previous: unknown, next: unknown): boolean {
  if (previous === undefined) return next !== undefined;
  if (next === undefined || next === null) return false;
  if (typeof previous === 'boolean') return previous === next || next === true;
  const [a, b] = [Number(previous), Number(next)];
  return LOWER_IS_STRICTER.has(attribute) ? b <= a : b >= a;
}
