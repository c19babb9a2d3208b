import { expect, it } from "vitest";
import { levelsOf, outline, together } from "./levels";

/** At 1 kHz, of which two samples are a step. */
const levels = (...samples: number[]) => {
  const [channel] = levelsOf([Float32Array.from(samples)], 1_000);
  if (channel === undefined) throw new Error("there is a channel");
  return channel;
};

it("keeps the loudest sample of each step, whichever side of silence it is on", () => {
  expect([...levels(0, 0.2, -1, 0.5, 0.1)]).toEqual([51, 255, 26]);
});

it("hears nothing louder than full scale", () => {
  expect([...levels(-1.5, 0)]).toEqual([255]);
});

it("draws a span up to where the next begins, mirrored, quiet sound larger than it is", () => {
  const sound = levels(0, 0, 0.25, 0.25, 1, 1, 0, 0);
  expect(outline(sound, { fromMs: 2, toMs: 6 }, 1)).toBe(
    "M0 0.50L2 1.00L4 0.00L4 -0.00L2 -1.00L0 -0.50Z",
  );
});

it("shows in a pixel the loudest that is in it, and silence after the end", () => {
  const sound = levels(0, 0, 1, 1, 0, 0, 0, 0);
  expect(outline(sound, { fromMs: 0, toMs: 16 }, 4)).toBe(
    "M0 1.00L2 0.00L4 0.00L4 -0.00L2 -0.00L0 -1.00Z",
  );
});

it("puts pieces where they begin, with silence between them", () => {
  const found = [
    { levels: [Uint8Array.of(1, 2), Uint8Array.of(3)], fromMs: 0 },
    { levels: [Uint8Array.of(4), Uint8Array.of(5, 6)], fromMs: 6 },
  ];
  expect(together(found).map((channel) => [...channel])).toEqual([
    [1, 2, 0, 4],
    [3, 0, 0, 5, 6],
  ]);
});
