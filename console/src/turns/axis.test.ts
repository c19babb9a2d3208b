import { describe, expect, it } from "vitest";
import {
  centred,
  drawnSpan,
  formatTick,
  isReadable,
  largestZoom,
  overlaps,
  shownSpan,
  ticks,
  tiles,
  zoomed,
  zoomTo,
} from "./axis";

const MINUTE = 60_000;

describe("the time axis", () => {
  it("shows all of a session first, and a stage of some milliseconds at the closest", () => {
    expect(zoomed(MINUTE, 1_000, 1).msPerPx).toBe(60);
    expect(zoomed(MINUTE, 1_000, largestZoom(MINUTE, 1_000)).msPerPx).toBe(2);
    expect(largestZoom(500, 1_000)).toBe(1);
  });

  it("comes close to one turn of an hour", () => {
    const turn = { fromMs: 30 * MINUTE, toMs: 30 * MINUTE + 5_000 };
    const zoom = zoomTo(turn, 60 * MINUTE, 1_000);
    const axis = zoomed(60 * MINUTE, 1_000, zoom);
    expect(5_000 / axis.msPerPx).toBeCloseTo(500);
    expect(centred(axis, turn.fromMs, 1_000) * axis.msPerPx).toBeCloseTo(30 * MINUTE - 5_000);
  });

  it("tells whether a turn can be read as it is", () => {
    const axis = zoomed(MINUTE, 1_000, 2);
    const shown = shownSpan(axis, 0, 1_000);
    expect(shown).toEqual({ fromMs: 0, toMs: 30_000 });
    expect(isReadable(axis, { fromMs: 1_000, toMs: 4_000 }, shown)).toBe(true);
    expect(isReadable(axis, { fromMs: 1_000, toMs: 1_500 }, shown)).toBe(false);
    expect(isReadable(axis, { fromMs: 28_000, toMs: 32_000 }, shown)).toBe(false);
    expect(drawnSpan(shown)).toEqual({ fromMs: -30_000, toMs: 60_000 });
  });

  it("never scrolls to before its beginning", () => {
    expect(centred(zoomed(MINUTE, 1_000, 4), 10, 1_000)).toBe(0);
  });

  it("has ticks at round times, only where one looks, and none whose name is cut off", () => {
    const all = ticks(zoomed(MINUTE, 1_000, 1), { fromMs: 0, toMs: MINUTE });
    expect(all.map(({ atMs }) => atMs / 1_000)).toEqual([0, 10, 20, 30, 40, 50]);
    const close = ticks(zoomed(60 * MINUTE, 1_000, 100), { fromMs: 90_000, toMs: 126_000 });
    expect(close.map(({ atMs }) => atMs / 1_000)).toEqual([90, 95, 100, 105, 110, 115, 120, 125]);
  });

  it("is drawn in tiles, of which a view needs a few", () => {
    const axis = zoomed(MINUTE, 1_000, 2);
    expect(tiles(axis, { fromMs: -5_000, toMs: 20_000 }, 500)).toEqual([
      { fromMs: 0, toMs: 15_000 },
      { fromMs: 15_000, toMs: 30_000 },
    ]);
    const [last] = tiles(axis, { fromMs: 50_000, toMs: 90_000 }, 700);
    expect(last).toEqual({ fromMs: 42_000, toMs: MINUTE });
  });

  it("names ticks as a clock does", () => {
    expect(formatTick(65_000, 5_000)).toBe("1:05");
    expect(formatTick(65_200, 200)).toBe("1:05.2");
    expect(formatTick(5_050, 50)).toBe("0:05.05");
  });
});

it("draws what is partly in sight", () => {
  const window = { fromMs: 100, toMs: 200 };
  expect(overlaps({ fromMs: 50, toMs: 120 }, window)).toBe(true);
  expect(overlaps({ fromMs: 201, toMs: 300 }, window)).toBe(false);
});
