import type { Span } from "./placing";

/** A time axis, drawn so wide that one pixel of it is `msPerPx` milliseconds. */
export interface Axis {
  lengthMs: number;
  msPerPx: number;
}

/** No closer than this: a stage of 20 ms is then some 10 px long. */
const CLOSEST_MS_PER_PX = 2;
const STEPS_MS = [
  50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
];
const TICK_PX = 84;
/** As long as a tick's name: there is none where the axis would cut it off. */
const NAME_PX = 44;
const READABLE_PX = 64;

/** The axis at a zoom, where 1 shows all of it in `widthPx`. */
export function zoomed(lengthMs: number, widthPx: number, zoom: number): Axis {
  return { lengthMs, msPerPx: lengthMs / Math.max(1, widthPx) / zoom };
}

export function largestZoom(lengthMs: number, widthPx: number): number {
  return Math.max(1, lengthMs / Math.max(1, widthPx) / CLOSEST_MS_PER_PX);
}

/** The zoom at which a span takes about half of the width. */
export function zoomTo({ fromMs, toMs }: Span, lengthMs: number, widthPx: number): number {
  const wanted = lengthMs / (2 * Math.max(1, toMs - fromMs));
  return Math.min(largestZoom(lengthMs, widthPx), Math.max(1, wanted));
}

/** What is seen of it. */
export function shownSpan({ msPerPx }: Axis, leftPx: number, widthPx: number): Span {
  return { fromMs: leftPx * msPerPx, toMs: (leftPx + widthPx) * msPerPx };
}

/** Whether a span is wholly seen, and long enough for its parts to be told apart. */
export function isReadable(axis: Axis, span: Span, shown: Span): boolean {
  const isWhole = span.fromMs >= shown.fromMs && span.toMs <= shown.toMs;
  return isWhole && (span.toMs - span.fromMs) / axis.msPerPx >= READABLE_PX;
}

/** With as much on either side, so that scrolling finds it drawn. */
export function drawnSpan({ fromMs, toMs }: Span): Span {
  const reserve = toMs - fromMs;
  return { fromMs: fromMs - reserve, toMs: toMs + reserve };
}

/** Where the window begins so that a moment is in its middle. */
export function centred(axis: Axis, atMs: number, widthPx: number): number {
  return Math.max(0, atMs / axis.msPerPx - widthPx / 2);
}

/** Round times within the window, far enough from each other to be read. */
export function ticks(axis: Axis, window: Span): { atMs: number; stepMs: number }[] {
  const stepMs = STEPS_MS.find((step) => step / axis.msPerPx >= TICK_PX) ?? 1_200_000;
  const first = Math.max(0, Math.floor(window.fromMs / stepMs));
  const last = Math.floor(Math.min(window.toMs, axis.lengthMs - NAME_PX * axis.msPerPx) / stepMs);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, place) => ({
    atMs: (first + place) * stepMs,
    stepMs,
  }));
}

/** Pieces of the axis that a window touches, each `widthPx` wide but for the last. */
export function tiles(axis: Axis, window: Span, widthPx: number): Span[] {
  const tileMs = widthPx * axis.msPerPx;
  const first = Math.max(0, Math.floor(window.fromMs / tileMs));
  const last = Math.ceil(Math.min(window.toMs, axis.lengthMs) / tileMs);
  return Array.from({ length: Math.max(0, last - first) }, (_, place) => ({
    fromMs: (first + place) * tileMs,
    toMs: Math.min(axis.lengthMs, (first + place + 1) * tileMs),
  }));
}

/** `1:05`, or `1:05.2` where ticks are closer than a second. */
export function formatTick(atMs: number, stepMs: number): string {
  const decimals = stepMs >= 1_000 ? 0 : stepMs >= 100 ? 1 : 2;
  const seconds = ((atMs % 60_000) / 1_000).toFixed(decimals);
  return `${Math.floor(atMs / 60_000)}:${seconds.padStart(decimals === 0 ? 2 : decimals + 3, "0")}`;
}

export function holds({ fromMs, toMs }: Span, atMs: number): boolean {
  return atMs >= fromMs && atMs <= toMs;
}

export function overlaps(span: Span, window: Span): boolean {
  return span.toMs >= window.fromMs && span.fromMs <= window.toMs;
}
