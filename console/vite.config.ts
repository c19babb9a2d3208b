import react from "@vitejs/plugin-react";
import { defineConfig, loadEnv } from "vite";
import { compressed } from "./bundle/compressed";
import { usedStyles } from "./bundle/usedStyles";

export default defineConfig(({ mode }) => {
  const apiUrl = loadEnv(mode, ".", "VITE_").VITE_API_URL ?? "http://127.0.0.1:8080";
  return {
    base: "/console/",
    plugins: [react(), compressed()],
    css: { postcss: { plugins: [usedStyles("src")] } },
    // No asset becomes a data: URL, so that the page's CSP can stay at 'self'.
    build: { outDir: "../control_api/console", emptyOutDir: true, assetsInlineLimit: 0 },
    server: {
      host: "127.0.0.1",
      proxy: { "/v1": apiUrl, "/api": apiUrl, "/console/config.json": apiUrl },
    },
  };
});
