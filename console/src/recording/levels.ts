import type { Span } from "../turns/placing";
import { piecesOf } from "./pieces";

/** A step of the drawing: no zoom shows less than this in a pixel. */
const STEP_MS = 2;
/** Of what is decoded for it: all of a voice that can be seen. */
const RATE_HZ = 8_000;
/** Decoded at once: 23 MB for a while. */
const PIECE_MS = 60_000;
const CHANNELS = 2;
const LOUDEST = 255;
/** In pixels of a path. */
const STROKE_PX = 2;

/** How loud a recording is, 0 to 255, every `STEP_MS`: the caller's channel, then the agent's. */
export type Levels = readonly Uint8Array[];

/** Rejects where this browser cannot decode it. */
export async function decodeLevels(sound: Blob): Promise<Levels> {
  const decoder = new OfflineAudioContext({
    numberOfChannels: CHANNELS,
    length: 1,
    sampleRate: RATE_HZ,
  });
  const file = new Uint8Array(await sound.arrayBuffer());
  const found: Found[] = [];
  for (const { file: piece, fromMs } of piecesOf(file, PIECE_MS)) {
    const decoded = await decoder.decodeAudioData(piece.buffer);
    const channels = Array.from({ length: CHANNELS }, (_, channel) =>
      decoded.getChannelData(channel),
    );
    found.push({ levels: levelsOf(channels, decoded.sampleRate), fromMs });
  }
  return together(found);
}

interface Found {
  levels: Levels;
  fromMs: number;
}

/** One after another, each where it begins. */
export function together(found: readonly Found[]): Levels {
  return Array.from({ length: CHANNELS }, (_, channel) => {
    const parts = found.map(({ levels, fromMs }) => ({
      part: levels[channel] ?? new Uint8Array(),
      first: Math.round(fromMs / STEP_MS),
    }));
    const whole = new Uint8Array(
      Math.max(0, ...parts.map(({ part, first }) => first + part.length)),
    );
    for (const { part, first } of parts) whole.set(part, first);
    return whole;
  });
}

/** What is kept of samples from -1 to 1: an hour's are 115 MB, its levels 3.6. */
export function levelsOf(channels: readonly Float32Array[], rateHz: number): Levels {
  const perStep = (rateHz * STEP_MS) / 1_000;
  return channels.map((samples) => {
    const levels = new Uint8Array(Math.ceil(samples.length / perStep));
    for (let place = 0; place < samples.length; place++) {
      const step = Math.floor(place / perStep);
      const level = Math.min(LOUDEST, Math.round(Math.abs(samples[place] ?? 0) * LOUDEST));
      if (level > (levels[step] ?? 0)) levels[step] = level;
    }
    return levels;
  });
}

/**
 * A channel's outline in a span as the `d` of an SVG path: from 0 to the span's width in pixels, and
 * from -1 to 1. Quiet sound is drawn larger than it is, as ears have it.
 */
export function outline(levels: Uint8Array, { fromMs, toMs }: Span, msPerPx: number): string {
  const stepMs = STROKE_PX * msPerPx;
  const count = Math.ceil((toMs - fromMs) / stepMs) + 1; // up to where the next span goes on
  const heights = Array.from({ length: count }, (_, place) => {
    const atMs = fromMs + place * stepMs;
    return Math.sqrt(loudest(levels, { fromMs: atMs, toMs: atMs + stepMs }) / LOUDEST).toFixed(2);
  });
  const above = heights.map((height, place) => `${place * STROKE_PX} ${height}`);
  const below = heights.map((height, place) => `${place * STROKE_PX} -${height}`).reverse();
  return `M${[...above, ...below].join("L")}Z`;
}

function loudest(levels: Uint8Array, { fromMs, toMs }: Span): number {
  const first = Math.floor(fromMs / STEP_MS);
  const last = Math.max(first + 1, Math.floor(toMs / STEP_MS));
  return levels.subarray(first, last).reduce((most, level) => Math.max(most, level), 0);
}
