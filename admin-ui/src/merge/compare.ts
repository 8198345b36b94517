import type { EntityView, FieldView, RecordData } from '@mortise/core/contract';
import { isWritable, sameValue } from '../form/draft';

/** Takes the values of all records of a field that holds several. */
export const UNITE = 'unite';

/** A field of which the records are compared. */
export interface ComparedField {
  readonly field: FieldView;
  /** Do the records differ in it? */
  readonly differs: boolean;
  /** Can the values of all be kept? */
  readonly list: boolean;
  /** May this person give the survivor another value? */
  readonly writable: boolean;
}

/** Is there no value? */
function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

/** The fields that have a choice, those that differ first, each in the order of the entity. */
export function comparedFields(entity: EntityView, records: readonly RecordData[]): readonly ComparedField[] {
  const states = new Set(entity.transitions.map(({ field }) => field));
  const fields = entity.fields
    .filter((field) => !field.readOnly && field.type !== 'children' && !states.has(field.name))
    .filter((field) => records.some((record) => !isEmpty(record[field.name])))
    .map((field): ComparedField => {
      const values = records.map((record) => record[field.name]);
      const filled = values.filter((value) => !isEmpty(value));
      return {
        field,
        differs: values.some((value) => !sameValue(value, values[0])),
        list: filled.every((value) => Array.isArray(value)),
        writable: isWritable(field),
      };
    });
  return [...fields.filter(({ differs }) => differs), ...fields.filter(({ differs }) => !differs)];
}

/**
 * What is proposed: the survivor's value, where it has none the first there is, and of lists all of them.
 * @returns field → id of a record, or {@link UNITE}
 */
export function proposedChoices(
  fields: readonly ComparedField[],
  records: readonly RecordData[],
  survivor: string,
): Record<string, string> {
  const own = records.find((record) => record['id'] === survivor);
  const choices: Record<string, string> = {};
  for (const { field, differs, list, writable } of fields) {
    const filled = records.filter((record) => !isEmpty(record[field.name]));
    const first = filled[0];
    if (!differs || !writable || !first || !own) choices[field.name] = survivor;
    else if (list && filled.length > 1) choices[field.name] = UNITE;
    else choices[field.name] = isEmpty(own[field.name]) ? String(first['id']) : survivor;
  }
  return choices;
}

/** The choices that are to be sent: those by which the survivor changes. */
export function sentChoices(
  choices: Readonly<Record<string, string>>,
  survivor: string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(choices).filter(([, choice]) => choice !== survivor));
}
