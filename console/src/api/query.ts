/** `path` with the values that there are; an empty one is left out. */
export function withQuery(path: string, values: Record<string, string | number>): string {
  const given = Object.entries(values).filter(([, value]) => value !== "");
  const query = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return query === "" ? path : `${path}?${query}`;
}
