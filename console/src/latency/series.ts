import type { LatencyGroup, MeasuredStage } from "../api/latency";
import type { Milliseconds } from "../api/turn";
import type { Grid } from "./view";

export const PERCENTILES = ["p50", "p95", "p99"] as const;

/** Points in time (seconds since 1970) with the percentiles at each, `null` where none was measured. */
export interface Series {
  times: number[];
  values: Milliseconds[][];
}

/**
 * The percentiles of a stage over all of the time that was asked for. An hour without a turn has its
 * own empty point, so that no line runs through a time in which nothing was measured.
 */
export function seriesOf(
  groups: readonly LatencyGroup[],
  stage: MeasuredStage,
  { stepS, firstS, lastS }: Grid,
): Series {
  const known = new Map(groups.map(({ group, stages }) => [secondsOf(group), stages[stage]]));
  const steps = Math.round((lastS - firstS) / stepS) + 1;
  const times = Array.from({ length: steps }, (_, n) => firstS + n * stepS);
  const values = PERCENTILES.map((percentile) =>
    times.map((time) => known.get(time)?.[percentile] ?? null),
  );
  return { times, values };
}

function secondsOf(moment: string | null): number {
  return moment === null ? Number.NaN : Date.parse(moment) / 1_000;
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
