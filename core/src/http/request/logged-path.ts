/** The path of a request as logs may keep it: the address of a calendar feed is its key. */
export function loggedPath({ path }: { readonly path: string }): string {
  // The router takes capitals for the same.
  return /^\/calendar\//i.test(path) ? '/calendar/:file' : path;
}
