import { expect, it } from "vitest";
import { type LatencyGroup, MEASURED_STAGES, type Percentiles } from "../api/latency";
import { seriesOf, slowestFirst } from "./series";

const NOTHING: Percentiles = { p50: null, p95: null, p99: null, n: 0 };

function group(name: string, wait: Percentiles): LatencyGroup {
  const stages = Object.fromEntries(MEASURED_STAGES.map((stage) => [stage, NOTHING]));
  return { group: name, stages: { ...stages, first_audio_ms: wait } as LatencyGroup["stages"] };
}

const at = (hour: number) => `2026-11-26T${String(hour).padStart(2, "0")}:00:00Z`;

it("leaves a gap where nothing was measured", () => {
  const groups = [
    group(at(9), { p50: 300, p95: 400, p99: 500, n: 4 }),
    group(at(11), { p50: 320, p95: 420, p99: 520, n: 5 }),
  ];
  const { times, values } = seriesOf(groups, "first_audio_ms", "hour");
  expect(times.map((time) => new Date(time * 1_000).getUTCHours())).toEqual([9, 10, 11]);
  expect(values).toEqual([
    [300, null, 320],
    [400, null, 420],
    [500, null, 520],
  ]);
});

it("has no points without turns", () => {
  expect(seriesOf([], "total_ms", "day")).toEqual({ times: [], values: [[], [], []] });
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
