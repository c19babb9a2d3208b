import { expect, it } from "vitest";
import { readText } from "./readText";

it("reads a text in any script", async () => {
  expect(await readText(new Blob(["# समय\n9–5"]))).toBe("# समय\n9–5");
});

it("takes neither what is no text nor what no document can hold", async () => {
  expect(await readText(new Blob([new Uint8Array([0xff, 0xd8, 0xff])]))).toBeNull();
  expect(await readText(new Blob(["a".repeat(400_001)]))).toBeNull();
});
