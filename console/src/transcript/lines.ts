import type { Turn } from "../api/turn";

export type Speaker = "you" | "agent";

/** One utterance of one side. A line that is not `final` may still change. */
export interface Line {
  id: string;
  speaker: Speaker;
  text: string;
  final: boolean;
  /** Typed here and not yet told back by the agent. */
  echo: boolean;
}

/** The part of a LiveKit transcription segment that matters here. */
export interface Segment {
  id: string;
  text: string;
  final: boolean;
}

/**
 * Takes in what one side said: a known segment id is said anew in its place (a partial grows, an
 * interrupted reply shrinks to what was heard), an unknown one is a new line. A partial that comes
 * after its final is late and changes nothing. `speaker` is `null` where the room cannot tell yet:
 * the caller is always known to it, so that is the agent, whose track may come after its words.
 */
export function withSegments(
  lines: readonly Line[],
  segments: readonly Segment[],
  speaker: Speaker | null,
): Line[] {
  const next = [...lines];
  for (const segment of segments) {
    const place = placeOf(next, segment, speaker);
    const known = next[place];
    if (known?.final && !known.echo && !segment.final) continue;
    next[place] = { ...segmentLine(segment), speaker: speaker ?? known?.speaker ?? "agent" };
  }
  return next;
}

/** Shows typed text at once; the agent's own telling of it takes its place. */
export function withTyped(lines: readonly Line[], id: string, text: string): Line[] {
  return [...lines, { id, speaker: "you", text, final: true, echo: true }];
}

function segmentLine(segment: Segment): Omit<Line, "speaker"> {
  return { id: segment.id, text: segment.text.trim(), final: segment.final, echo: false };
}

function placeOf(lines: readonly Line[], segment: Segment, speaker: Speaker | null): number {
  const known = lines.findIndex((line) => line.id === segment.id);
  if (known >= 0) return known;
  const echo = lines.findIndex(
    (line) => line.echo && speaker === "you" && line.text === segment.text.trim(),
  );
  return echo >= 0 ? echo : lines.length;
}

export interface ShownLine extends Line {
  interrupted: boolean;
}

/** The lines that hold words, each reply that a turn calls interrupted marked as such. */
export function shownLines(lines: readonly Line[], turns: readonly Turn[]): ShownLine[] {
  const cut = new Set(
    turns.filter((turn) => turn.interrupted).map((turn) => turn.agent_response.trim()),
  );
  return lines
    .filter((line) => line.text !== "")
    .map((line) => ({
      ...line,
      interrupted: line.speaker === "agent" && line.final && cut.has(line.text),
    }));
}
