import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = process.env.HUOSHUI_API ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  server: { proxy: { "/api": server } },
  build: {
    target: "es2022",
    // The Go build embeds dist; its .gitkeep must outlive a build.
    emptyOutDir: true,
    copyPublicDir: true,
    chunkSizeWarningLimit: 900,
  },
  test: {
    // tests of components say `@vitest-environment jsdom` themselves; the others start faster without
    environment: "node",
    include: ["src/**/*.test.{ts,tsx}"],
  },
});
