/** Quotes an identifier for SQL. Table and column names are always quoted (`"user"` is a reserved word). */
export function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
