import type { Draft } from "./draft";

/** What each part of the form works on. */
export interface FormPart {
  draft: Draft;
  /** What the API said about a field, under the name that it has in the request. */
  errorFor: (param: string) => string | null;
  onChange: (part: Partial<Draft>) => void;
}
