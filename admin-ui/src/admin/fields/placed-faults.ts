import { documentFaults } from '../review/document-faults';

/**
 * Why a change is refused, each reason with the document and the place in it, for people:
 * «There is no field “visit.memo” — form visit.form › tabs › main».
 */
export function placedFaults(error: unknown): readonly string[] {
  return documentFaults(error).map(({ document, pointer, message }) => {
    const [kind = '', ...name] = document.split('/');
    const place = pointer.split('/').filter((part) => part !== '' && part !== 'properties');
    const at = [`${kind} ${name.join('/')}`.trim(), ...place].filter((part) => part !== '').join(' › ');
    return at === '' ? message : `${message} — ${at}`;
  });
}
