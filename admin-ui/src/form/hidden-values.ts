import type { EntityView, RecordData } from '@mortise/core/contract';
import { dictionariesOfConditions, holds, type ConditionScope } from '../model/conditions';
import { isWritable, sameValue } from './draft';

/**
 * Empties the fields that this draft takes out of sight by their own `visibleWhen`: what stands in them must not be
 * saved, for nobody could see what is refused there. A stored value that was out of sight before stays: this edit is not about
 * it. Conditions about the person decide what he sees, not what the record holds.
 * @param stored the record as it was read; null for a new one
 */
export function leftBehind(
  entity: EntityView,
  draft: RecordData,
  stored: RecordData | null,
  scope: ConditionScope,
): RecordData {
  // Without its dictionary nobody can tell what lies under a value.
  if (!dictionariesOfConditions(entity).every((name) => scope.dictionaries.has(name))) return {};
  const left = entity.fields.filter((field) => {
    const condition = field.def['visibleWhen'];
    if (typeof condition !== 'string' || /\buser\b/.test(condition)) return false;
    if (!isWritable(field) || field.required) return false;
    if (holds(condition, true, entity, draft, stored ?? {}, scope)) return false;
    return stored === null
      ? field.def['default'] !== undefined || !sameValue(draft[field.name], null)
      : !sameValue(stored[field.name], null) && holds(condition, true, entity, stored, stored, scope);
  });
  return Object.fromEntries(left.map((field) => [field.name, field.type === 'lines' ? [] : null]));
}
