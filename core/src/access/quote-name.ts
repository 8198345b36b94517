/** A table, column or alias as SQL writes it. Names come from checked documents, quotes are doubled all the same. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
