import type { End } from "./conversation";

/** What kept a call from coming about. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly end: End;

  constructor(end: End) {
    super(end);
    this.end = end;
  }
}
