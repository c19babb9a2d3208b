import { expect, it } from "vitest";
import { formatClock, formatMilliseconds } from "./duration";

it("writes short durations in milliseconds and long ones in seconds", () => {
  expect(formatMilliseconds(0)).toBe("0 ms");
  expect(formatMilliseconds(411.6)).toBe("412 ms");
  expect(formatMilliseconds(999.7)).toBe("1.00 s");
  expect(formatMilliseconds(1240)).toBe("1.24 s");
});

it("writes a dash, never a zero, for what was not measured", () => {
  expect(formatMilliseconds(null)).toBe("–");
});

it("writes a call's length as a clock does", () => {
  expect(formatClock(4.6)).toBe("0:05");
  expect(formatClock(65)).toBe("1:05");
});
