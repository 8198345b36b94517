/** JSON Pointer of a child: `/properties` + `a/b` → `/properties/a~1b` (RFC 6901). */
export function pointer(parent: string, key: string | number): string {
  return `${parent}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
