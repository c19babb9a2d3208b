import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const TEXT = /\.(?:css|html|js|svg)$/;
/** What is shorter goes into one packet as it is. */
const LEAST_BYTES = 1_000;

/** Lays a `.br` and a `.gz` beside each text, of which the server sends what a browser takes. */
export function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    writeBundle({ dir = "" }) {
      for (const name of readdirSync(dir, { recursive: true, encoding: "utf8" })) {
        if (TEXT.test(name)) compress(join(dir, name));
      }
    },
  };
}

export function compress(file: string): void {
  const text = readFileSync(file);
  if (text.length < LEAST_BYTES) return;
  writeFileSync(`${file}.br`, brotliCompressSync(text));
  writeFileSync(`${file}.gz`, gzipSync(text, { level: 9 }));
}
