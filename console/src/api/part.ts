/** Which part of a list is wanted. */
export interface Part {
  limit: number;
  offset: number;
}
