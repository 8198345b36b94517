/** Faults at or below `/name`, by the path that remains. */
export function below(faults: ReadonlyMap<string, string>, name: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const prefix = `/${name}`;
  for (const [path, message] of faults) {
    if (path === prefix) found.set('', message);
    else if (path.startsWith(`${prefix}/`)) found.set(path.slice(prefix.length), message);
  }
  return found;
}

/** Field that a fault's path names first; '' for the record as a whole. */
export const fieldOfPath = (path: string): string => path.split('/')[1] ?? '';
