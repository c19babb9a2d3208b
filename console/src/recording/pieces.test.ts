import { expect, it } from "vitest";
import { piecesOf } from "./pieces";

/** Two pages of heads and six of sound, 120 ms each, as the agent's own code writes them. */
const RECORDED =
  "T2dnUwACAAAAAAAAAAABAAAAAAAAAPnOmpIBCU9wdXNIZWFkAU9nZ1MAAAAAAAAAAAAAAQAAAAEAAACNvNO/AR1PcHVzVGFncwYAAAB2YWFydGEBAAAAAwAAAG49MU9nZ1MAAIAWAAAAAAAAAQAAAAIAAACC1AnxAgIBYTBiT2dnUwAAAC0AAAAAAAABAAAAAwAAAOEGqJsCAgFhMWJPZ2dTAACAQwAAAAAAAAEAAAAEAAAAOWdZZAICAWEyYk9nZ1MAAABaAAAAAAAAAQAAAAUAAABYvHNOAgIBYTNiT2dnUwAAgHAAAAAAAAABAAAABgAAAJ7Irm4CAgFhNGJPZ2dTAAQAhwAAAAAAAAEAAAAHAAAAe6ae1gICAWE1Yg==";
const HEADS_BYTES = 94;
const PAGE_BYTES = 32;

const recorded = () => Uint8Array.from(atob(RECORDED), (byte) => byte.charCodeAt(0));
const cut = (file: Uint8Array, lengthMs: number) => [...piecesOf(file, lengthMs)];
/** Where the packets of a piece's pages of sound end, and their checksums. */
const pages = (file: Uint8Array) => {
  const view = new DataView(file.buffer);
  const count = (file.length - HEADS_BYTES) / PAGE_BYTES;
  return Array.from({ length: count }, (_, place) => {
    const at = HEADS_BYTES + place * PAGE_BYTES;
    return { position: view.getUint32(at + 6, true), checksum: view.getUint32(at + 22, true) };
  });
};

it("leaves a short recording as it is, to the checksum", () => {
  expect(cut(recorded(), 60_000)).toEqual([{ file: recorded(), fromMs: 0 }]);
});

it("cuts a long one between pages, each piece with both heads", () => {
  const pieces = cut(recorded(), 200);
  expect(pieces.map(({ fromMs }) => fromMs)).toEqual([0, 240, 480]);
  for (const { file } of pieces) {
    expect(file.length).toBe(HEADS_BYTES + 2 * PAGE_BYTES);
    expect(file.slice(0, HEADS_BYTES)).toEqual(recorded().slice(0, HEADS_BYTES));
  }
});

it("lets every piece begin at its own beginning, with checksums that hold", () => {
  const [, second] = cut(recorded(), 200);
  expect(second && pages(second.file)).toMatchObject([
    { position: 5_760, checksum: 0xc50af1bc },
    { position: 11_520 },
  ]);
});

it("makes of something else one piece without sound", () => {
  const nothing = { file: new Uint8Array(), fromMs: 0 };
  expect(
    cut(new TextEncoder().encode("<html>not a recording, but long enough</html>"), 200),
  ).toEqual([nothing]);
});
