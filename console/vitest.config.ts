import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "happy-dom",
    restoreMocks: true,
    unstubGlobals: true,
    setupFiles: "src/testing/patience.ts",
    testTimeout: 60_000,
  },
});
