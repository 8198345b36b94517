import type { RecordData } from '@mortise/core/contract';

const copies = new Map<string, RecordData>();

/** Keeps the values of a record for the new one that is about to open; gives the key to ask for them. */
export function leaveCopy(values: RecordData): string {
  const key = Math.random().toString(36).slice(2, 10);
  copies.set(key, values);
  return key;
}

/** The values left under a key, once. After a reload of the page there are none: the form is then empty. */
export function takeCopy(key: unknown): RecordData {
  const values = typeof key === 'string' ? copies.get(key) : undefined;
  if (typeof key === 'string') copies.delete(key);
  return values ?? {};
}
