import { ApiProblem } from '../../api/client';

/** A fault of a document: `entity/contact#/properties/wechat/maxLength` is key and pointer. */
export interface DocumentFault {
  readonly document: string;
  readonly pointer: string;
  readonly message: string;
}

/** The faults of a refused change, by document. Empty for any other error. */
export function documentFaults(error: unknown): readonly DocumentFault[] {
  if (!(error instanceof ApiProblem)) return [];
  return error.errors.map(({ path, message }) => {
    const [document = '', pointer = ''] = path.split('#');
    return { document, pointer, message };
  });
}

/**
 * Faults at or below `pointer` of a document, by the path that remains, and the ones that lie elsewhere.
 * @example faultsBelow(faults, 'entity/contact', '/properties/wechat').here.get('/maxLength')
 */
export function faultsBelow(
  faults: readonly DocumentFault[],
  document: string,
  pointer: string,
): { readonly here: ReadonlyMap<string, string>; readonly elsewhere: readonly string[] } {
  const here = new Map<string, string>();
  const elsewhere: string[] = [];
  for (const fault of faults) {
    const inside =
      fault.document === document && (fault.pointer === pointer || fault.pointer.startsWith(`${pointer}/`));
    if (!inside)
      elsewhere.push(
        fault.pointer === '' ? fault.message : `${fault.message} (${fault.document}${fault.pointer})`,
      );
    else here.set(fault.pointer.slice(pointer.length), fault.message);
  }
  return { here, elsewhere };
}
