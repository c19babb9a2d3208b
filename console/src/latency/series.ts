import type { LatencyGroup, MeasuredStage } from "../api/latency";
import type { Milliseconds } from "../api/turn";

export const PERCENTILES = ["p50", "p95", "p99"] as const;

/** Points in time (seconds since 1970) with the percentiles at each, `null` where none was measured. */
export interface Series {
  times: number[];
  values: Milliseconds[][];
}

const STEP_S = { hour: 3_600, day: 86_400 } as const;

/**
 * The percentiles of a stage over time. An hour without a turn has its own empty point, so that no
 * line runs through a time in which nothing was measured.
 */
export function seriesOf(
  groups: readonly LatencyGroup[],
  stage: MeasuredStage,
  grid: keyof typeof STEP_S,
): Series {
  const known = new Map(groups.map(({ group, stages }) => [secondsOf(group), stages[stage]]));
  const told = [...known.keys()].filter((time) => !Number.isNaN(time)).sort((a, b) => a - b);
  const times = everyStep(told, STEP_S[grid]);
  const values = PERCENTILES.map((percentile) =>
    times.map((time) => known.get(time)?.[percentile] ?? null),
  );
  return { times, values };
}

function secondsOf(moment: string | null): number {
  return moment === null ? Number.NaN : Date.parse(moment) / 1_000;
}

function everyStep(told: readonly number[], step: number): number[] {
  const [first, last] = [told[0], told.at(-1)];
  if (first === undefined || last === undefined) return [];
  return Array.from({ length: Math.round((last - first) / step) + 1 }, (_, n) => first + n * step);
}

/** The groups in which the stage was measured, the slowest median first. */
export function slowestFirst(
  groups: readonly LatencyGroup[],
  stage: MeasuredStage,
): LatencyGroup[] {
  return groups
    .filter(({ stages }) => stages[stage].n > 0)
    .sort((a, b) => (b.stages[stage].p50 ?? 0) - (a.stages[stage].p50 ?? 0));
}
