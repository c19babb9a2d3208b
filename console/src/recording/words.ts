import { holds } from "../turns/axis";
import type { Span } from "../turns/placing";

export interface PlacedWord {
  word: string;
  atMs: number;
}

/**
 * When about each word is said: nobody tells, so each takes as much of the time that all of them
 * took as it has of their letters.
 */
export function placeWords(words: string, { fromMs, toMs }: Span): PlacedWord[] {
  let letters = 0;
  return (words.match(/\S+\s*/g) ?? []).map((word) => {
    const atMs = Math.round(fromMs + ((toMs - fromMs) * letters) / words.length);
    letters += word.length;
    return { word: word.trimEnd(), atMs };
  });
}

/** Which of them is being said; `null` outside of their time. */
export function wordAt(words: readonly PlacedWord[], span: Span, atMs: number): number | null {
  if (!holds(span, atMs)) return null;
  return Math.max(
    0,
    words.findLastIndex((each) => each.atMs <= atMs),
  );
}
