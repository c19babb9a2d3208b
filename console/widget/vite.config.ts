import { readdirSync } from "node:fs";
import { defineConfig, type UserConfig } from "vite";
import { compressed } from "../bundle/compressed";

const OUT = "../control_api/widget";

/** What a call needs, in a file of its own that is loaded when somebody calls: `--mode call`. */
const call: UserConfig = {
  build: {
    outDir: OUT,
    emptyOutDir: true,
    modulePreload: false,
    rolldownOptions: {
      input: "widget/call.ts",
      preserveEntrySignatures: "strict",
      output: { entryFileNames: "call-[hash].js", codeSplitting: false },
    },
  },
};

/** What every page loads, built last: a plain script, which `<script src>` takes from any origin. */
const script = (): UserConfig => ({
  plugins: [compressed()],
  define: { CALL_FILE: JSON.stringify(readdirSync(OUT).find((file) => file.endsWith(".js"))) },
  build: {
    outDir: OUT,
    emptyOutDir: false,
    modulePreload: false,
    // Those that know `light-dark()`: what older ones get in its place needs the page's help.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    rolldownOptions: {
      input: "widget/widget.ts",
      output: { entryFileNames: "widget.js", format: "iife" },
    },
  },
});

export default defineConfig(({ mode }) => ({
  publicDir: false,
  ...(mode === "call" ? call : script()),
}));
