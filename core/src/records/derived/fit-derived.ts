import { Big } from 'big.js';
import { longestText, numberRoom } from '../../model/derived/derived-column.ts';

/**
 * SQL of the value as its column can hold it: rounded half away from zero, and null where there is no room. A value
 * that follows others must not make their writes fail.
 */
export function fitSql(type: string, value: string): string {
  const room = numberRoom(type);
  if (room) {
    return `(SELECT CASE WHEN abs(v) < ${room.below} THEN v END::${type} FROM (SELECT round((${value})::numeric, ${room.scale}) AS v) AS fitted)`;
  }
  const longest = longestText(type);
  if (longest !== null)
    return `(SELECT CASE WHEN char_length(v) BETWEEN 1 AND ${longest} THEN v END::${type} FROM (SELECT (${value})::text AS v) AS fitted)`;
  return type === 'text' ? `nullif((${value})::text, '')` : `(${value})::${type}`;
}

/** The same of a value of the API. */
export function fitDerived(type: string, value: unknown): unknown {
  if (value === null || value === undefined || value === '') return null;
  const room = numberRoom(type);
  if (room) {
    const rounded = new Big(String(value)).round(room.scale, 1);
    if (rounded.abs().gte(room.below)) return null;
    return type.startsWith('numeric') ? rounded.toFixed(room.scale) : Number(rounded.toFixed(0));
  }
  const longest = longestText(type);
  return longest !== null && [...String(value)].length > longest ? null : value;
}
