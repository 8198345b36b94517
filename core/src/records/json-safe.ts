/**
 * A column inside of JSON. JSON has one kind of number and no moments: what would change on that way travels as text,
 * in the form that the driver gives it outside of JSON.
 */
export function jsonSafe(sql: string, type = 'text'): string {
  if (/^(numeric|bigint|int8|decimal)/.test(type)) return `(${sql})::text`;
  if (type.startsWith('timestamp'))
    return `to_char((${sql}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  return sql;
}
