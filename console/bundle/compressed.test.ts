// @vitest-environment node
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { compress } from "./compressed";

function written(length: number): [folder: string, file: string] {
  const folder = mkdtempSync(join(tmpdir(), "vaarta-"));
  const file = join(folder, "page.js");
  writeFileSync(file, "a".repeat(length));
  return [folder, file];
}

it("lays both forms beside a text, which say the same in less", () => {
  const [, file] = written(5_000);
  compress(file);
  const [brotli, gzip] = [readFileSync(`${file}.br`), readFileSync(`${file}.gz`)];
  expect(brotliDecompressSync(brotli)).toEqual(readFileSync(file));
  expect(gunzipSync(gzip)).toEqual(readFileSync(file));
  expect(brotli.length).toBeLessThan(100);
});

it("leaves a short text alone", () => {
  const [folder, file] = written(200);
  compress(file);
  expect(readdirSync(folder)).toEqual(["page.js"]);
});
