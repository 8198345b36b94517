import type { EntityModel, FieldModel, Model } from '../model/model.ts';
import { regionOf } from './territory.ts';

/**
 * Does the field say where the record lies: with whom, in which department, team or territory? Neither a share nor a
 * stand-in reaches it for writing: what was lent for a time would be moved into one's own for good (SEC-07, SEC-16).
 */
export function placesRecord(model: Model, entity: EntityModel, field: FieldModel): boolean {
  if (entity.parent) return false;
  if (field.system && (field.name === 'owner' || field.name === 'unit')) return true;
  if (field.name === 'team' && field.def['entity'] === 'business_team') return true;
  return regionOf(model, entity)?.field === field.name;
}
