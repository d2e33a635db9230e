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
    rolldownOptions: {
      output: {
        // few, stable files for the first load: what never changes with us, and what every page uses
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules\/(react|react-dom|scheduler|@tanstack|i18next|react-i18next|dayjs)\// },
            { name: "console", test: /\/src\/(app\/(?!CommandPalette|strings)|api\/|ui\/(states|format|PageHead|hooks|csv|Ago|ActButton)\.)/ },
          ],
        },
      },
    },
  },
  test: {
    testTimeout: 30_000, // a busy machine is no failure; what hangs is
    // tests of components say `@vitest-environment jsdom` themselves; the others start faster without
    environment: "node",
    include: ["src/**/*.test.{ts,tsx}"],
  },
});
