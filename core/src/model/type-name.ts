/** `ad_order_line` → `AdOrderLine`. */
export function typeName(entity: string): string {
  return entity.replace(/(^|_)([a-z0-9])/g, (_, _mark, letter: string) => letter.toUpperCase());
}
