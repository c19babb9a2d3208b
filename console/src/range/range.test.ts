import { describe, expect, it } from "vitest";
import { ANY_TIME, bounds, fromLocal, type Range, readRange, toLocal, writeRange } from "./range";

const read = (search: string) => readRange(new URLSearchParams(search), ANY_TIME);

describe("a time range in an address", () => {
  it.each<[string, Range]>([
    ["", ANY_TIME],
    ["range=7d", { span: "7d" }],
    ["range=forever", ANY_TIME],
    ["from=2026-11-01T00:00:00Z", { from: "2026-11-01T00:00:00.000Z", to: "" }],
    ["from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z", ANY_TIME],
    ["from=soon&to=2026-11-01T05:30:00%2B05:30", { from: "", to: "2026-11-01T00:00:00.000Z" }],
  ])("%s", (search, range) => {
    expect(read(search)).toEqual(range);
  });

  it("is read as it was written", () => {
    for (const range of [{ span: "1h" }, { from: "2026-11-01T00:00:00.000Z", to: "" }] as Range[]) {
      expect(read(new URLSearchParams(writeRange(range, ANY_TIME)).toString())).toEqual(range);
    }
    expect(writeRange(ANY_TIME, ANY_TIME)).toEqual({});
    expect(writeRange({ span: "24h" }, { span: "24h" })).toEqual({});
  });
});

it("moves on with the clock", () => {
  const now = new Date("2026-11-26T12:00:00Z");
  expect(bounds({ span: "24h" }, now)).toEqual({ from: "2026-11-25T12:00:00.000Z", to: "" });
});

it("takes a time as the person's clock shows it", () => {
  expect(toLocal(fromLocal("2026-11-26T14:05"))).toBe("2026-11-26T14:05");
  expect([toLocal(""), fromLocal("")]).toEqual(["", ""]);
});
