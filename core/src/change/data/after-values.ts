import type { Dictionaries } from '../../store/dictionaries.ts';
import type { ValueChange } from '../dictionary-rows.ts';

/** The dictionaries as they will be after some changes of values; only what conversions ask is answered anew. */
export function afterValues(dictionaries: Dictionaries, changes: readonly ValueChange[]): Dictionaries {
  if (changes.length === 0) return dictionaries;
  const changed = new Map(changes.map((change) => [`${change.dictionary}/${change.code}`, change]));
  return {
    values: (name) => [
      ...dictionaries.values(name).filter(({ code }) => !changed.has(`${name}/${code}`)),
      ...changes.flatMap(({ dictionary, after }) => (dictionary === name && after ? [after] : [])),
    ],
    value(name, code) {
      const change = changed.get(`${name}/${code}`);
      return change ? (change.after ?? undefined) : dictionaries.value(name, code);
    },
    descendants: (name, code) => dictionaries.descendants(name, code),
    revision: (name) => dictionaries.revision(name),
  };
}
