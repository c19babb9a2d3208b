/** Enough of an id to tell a tenant's own things apart. */
const SHORT = 8;

export function shortId(id: string): string {
  return id.slice(0, SHORT);
}
