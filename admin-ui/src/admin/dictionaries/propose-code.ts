import { freeName, nameFromLabel } from '../ui/name-from-label';

/**
 * Proposes a code for a value in the manner of the others: below `IND.PT` the next is `IND.PT.BEVERAGE`, elsewhere
 * `new_product`.
 */
export function proposeCode(
  label: string,
  parent: string | undefined,
  siblings: readonly string[],
  taken: (code: string) => boolean,
): string {
  const plain = nameFromLabel(label);
  if (plain === '') return '';
  const sample = siblings[0] ?? parent ?? '';
  const upper = sample !== '' && sample === sample.toUpperCase() && /[A-Z]/.test(sample);
  const word = upper ? plain.toUpperCase() : plain;
  if (parent !== undefined && sample.includes('.')) {
    const free = freeName(word.slice(0, 20), (each) => taken(`${parent}.${each}`));
    return `${parent}.${free}`.slice(0, 60);
  }
  return freeName(word, taken);
}
