/** Room for a number in a column: decimals, and the bound that values must stay below, leaving out the sign. */
export interface NumberRoom {
  readonly scale: number;
  readonly below: string;
}

/** Room for numbers in a column of this SQL type; null for a type that holds none. */
export function numberRoom(type: string): NumberRoom | null {
  const numeric = /^numeric\((\d+),\s*(\d+)\)$/.exec(type);
  if (numeric) {
    const scale = Number(numeric[2]);
    return { scale, below: `1${'0'.repeat(Number(numeric[1]) - scale)}` };
  }
  if (type === 'integer') return { scale: 0, below: '2147483648' };
  return type === 'bigint' ? { scale: 0, below: '9007199254740992' } : null;
}

/** Longest text of a column; null for a type without such a limit. */
export function longestText(type: string): number | null {
  const digits = /^varchar\((\d+)\)$/.exec(type)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Can a column of this SQL type hold a derived value? Lists, JSON and references cannot. */
export function columnHolds(type: string | null): boolean {
  if (type === null) return false;
  if (numberRoom(type) !== null || longestText(type) !== null) return true;
  return ['text', 'boolean', 'date'].includes(type) || type.startsWith('timestamp');
}
