import type { LoadCall } from "./conversation";

/** The file of `call.ts`, which the build knows by then. */
declare const CALL_FILE: string;

// Known only while the script runs. In a module it is `null`, and a relative path is the module's.
const script = document.currentScript;
const base = script instanceof HTMLScriptElement ? script.src : "";

export const loadCall: LoadCall = () => {
  const path = `./widget/${CALL_FILE}`;
  return import(/* @vite-ignore */ base === "" ? path : new URL(path, base).href);
};
