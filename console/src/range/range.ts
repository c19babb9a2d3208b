/** How far back one looks: a time span that moves on, or two fixed ends (RFC 3339, "" for open). */
export type Range = { span: Span } | { from: string; to: string };
export type Span = "1h" | "24h" | "7d" | "30d";

export const SPANS: readonly Span[] = ["1h", "24h", "7d", "30d"];
export const ANY_TIME: Range = { from: "", to: "" };

const HOUR_MS = 3_600_000;
const LENGTH_MS: Record<Span, number> = {
  "1h": HOUR_MS,
  "24h": 24 * HOUR_MS,
  "7d": 7 * 24 * HOUR_MS,
  "30d": 30 * 24 * HOUR_MS,
};

/** Its two ends now, "" where it has none. */
export function bounds(range: Range, now: Date): { from: string; to: string } {
  if (!("span" in range)) return range;
  return { from: new Date(now.getTime() - LENGTH_MS[range.span]).toISOString(), to: "" };
}

/** From an address; what makes no sense there counts for nothing. */
export function readRange(params: URLSearchParams, otherwise: Range): Range {
  const span = SPANS.find((each) => each === params.get("range"));
  if (span) return { span };
  const [from, to] = [readMoment(params.get("from")), readMoment(params.get("to"))];
  if (from === "" && to === "") return otherwise;
  return from !== "" && to !== "" && from >= to ? otherwise : { from, to };
}

/** For an address; nothing for what it would mean anyway. */
export function writeRange(range: Range, otherwise: Range): Record<string, string> {
  if (isSame(range, otherwise)) return {};
  return "span" in range ? { range: range.span } : { from: range.from, to: range.to };
}

export function isSame(one: Range, other: Range): boolean {
  if ("span" in one || "span" in other) {
    return "span" in one && "span" in other && one.span === other.span;
  }
  return one.from === other.from && one.to === other.to;
}

function readMoment(text: string | null): string {
  const at = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? "" : new Date(at).toISOString();
}

/** `2026-11-26T14:05` in the person's own time zone, as `<input type="datetime-local">` has it. */
export function toLocal(moment: string): string {
  if (moment === "") return "";
  const at = new Date(moment);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The moment that such an input names; "" for an empty one. */
export function fromLocal(local: string): string {
  return readMoment(local === "" ? null : local);
}
