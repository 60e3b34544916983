import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  // The shell serves the files of `dist` itself; the port is the one that it loads during development.
  server: { port: 5173, strictPort: true },
  // The policy under which the shell serves the window, so that a built window is looked at under it too.
  preview: {
    headers: {
      "Content-Security-Policy":
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob:; connect-src 'self' ipc: http://ipc.localhost",
    },
  },
  clearScreen: false,
  build: { outDir: "dist", target: "safari18", emptyOutDir: true },
  test: {
    environment: "jsdom",
    include: ["tests/unit/**/*.test.ts"],
    setupFiles: ["tests/unit/setup.ts"],
    testTimeout: 60_000,
  },
});
