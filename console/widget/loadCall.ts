import type { LoadCall } from "./conversation";

/** The file of `call.ts`, which the build knows by then. */
declare const CALL_FILE: string;
/** Whichever of its builds the server has. */
const PRESENT = "call.js";

// Known only while the script runs. In a module it is `null`, and a relative path is the module's.
const script = document.currentScript;
const base = script instanceof HTMLScriptElement ? script.src : "";

export const loadCall: LoadCall = () => loadFrom(base, (url) => import(/* @vite-ignore */ url));

/** An upgrade of the server takes away what an open page was built with; then what there is calls. */
export function loadFrom(
  base: string,
  load: (url: string) => ReturnType<LoadCall>,
): ReturnType<LoadCall> {
  const at = (file: string) => {
    const path = `./widget/${file}`;
    return base === "" ? path : new URL(path, base).href;
  };
  return load(at(CALL_FILE)).catch(() => load(at(PRESENT)));
}
