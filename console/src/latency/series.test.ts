import { expect, it } from "vitest";
import { type LatencyGroup, MEASURED_STAGES, type Percentiles } from "../api/latency";
import { seriesOf, slowestFirst } from "./series";
import type { Grid } from "./view";

const NOTHING: Percentiles = { p50: null, p95: null, p99: null, n: 0 };

function group(name: string, wait: Percentiles): LatencyGroup {
  const stages = Object.fromEntries(MEASURED_STAGES.map((stage) => [stage, NOTHING]));
  return { group: name, stages: { ...stages, first_audio_ms: wait } as LatencyGroup["stages"] };
}

const at = (hour: number) => `2026-11-26T${String(hour).padStart(2, "0")}:00:00Z`;

const secondsOf = (moment: string) => Date.parse(moment) / 1_000;

const grid = (first: number, last: number): Grid => ({
  unit: "hour",
  stepS: 3_600,
  firstS: secondsOf(at(first)),
  lastS: secondsOf(at(last)),
});

it("leaves a gap where nothing was measured", () => {
  const groups = [
    group(at(9), { p50: 300, p95: 400, p99: 500, n: 4 }),
    group(at(11), { p50: 320, p95: 420, p99: 520, n: 5 }),
  ];
  const { times, values } = seriesOf(groups, "first_audio_ms", grid(8, 12));
  expect(times.map((time) => new Date(time * 1_000).getUTCHours())).toEqual([8, 9, 10, 11, 12]);
  expect(values).toEqual([
    [null, 300, null, 320, null],
    [null, 400, null, 420, null],
    [null, 500, null, 520, null],
  ]);
});

it("covers the time that was asked for where there were no turns", () => {
  const { times, values } = seriesOf([], "total_ms", grid(9, 10));
  expect(times).toEqual([secondsOf(at(9)), secondsOf(at(10))]);
  expect(values).toEqual([
    [null, null],
    [null, null],
    [null, null],
  ]);
});

it("puts the slowest first, and leaves out what was not measured", () => {
  const groups = [
    group("quick", { p50: 100, p95: 900, p99: 900, n: 2 }),
    group("never", NOTHING),
    group("slow", { p50: 200, p95: 300, p99: 300, n: 2 }),
  ];
  expect(slowestFirst(groups, "first_audio_ms").map((each) => each.group)).toEqual([
    "slow",
    "quick",
  ]);
});
