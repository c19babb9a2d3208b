/** Which part of a list is wanted. */
export interface Part {
  limit: number;
  offset: number;
}

export function partQuery({ limit, offset }: Part): string {
  return `limit=${limit}&offset=${offset}`;
}
