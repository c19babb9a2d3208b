import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { LoadCall } from "./conversation";
import { loadFrom } from "./loadCall";

type Parts = Awaited<ReturnType<LoadCall>>;

const PARTS = { Call: class {} } as unknown as Parts;

beforeEach(() => {
  vi.stubGlobal("CALL_FILE", "call-1a2b.js");
});
afterEach(() => vi.unstubAllGlobals());

/** A server that has these files. */
function serverWith(...files: string[]) {
  const asked: string[] = [];
  const load = (url: string) => {
    asked.push(url);
    return files.some((file) => url.endsWith(file))
      ? Promise.resolve(PARTS)
      : Promise.reject(new TypeError("Failed to fetch dynamically imported module"));
  };
  return { asked, load };
}

it("loads what it was built with, from beside the script", async () => {
  const { asked, load } = serverWith("call-1a2b.js");
  expect(await loadFrom("https://voice.example/widget.js", load)).toBe(PARTS);
  expect(asked).toEqual(["https://voice.example/widget/call-1a2b.js"]);
});

it("loads what there is where an upgrade took that away", async () => {
  const { asked, load } = serverWith("call.js");
  expect(await loadFrom("https://voice.example/widget.js", load)).toBe(PARTS);
  expect(asked[1]).toBe("https://voice.example/widget/call.js");
});

it("asks no third time", async () => {
  const { asked, load } = serverWith();
  await expect(loadFrom("", load)).rejects.toThrow("Failed to fetch");
  expect(asked).toEqual(["./widget/call-1a2b.js", "./widget/call.js"]);
});
