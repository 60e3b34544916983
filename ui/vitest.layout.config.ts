// The layout tests: every screen in a real WebKitGTK window, measured. Needs WebKitWebDriver, MiniBrowser and Xvfb. Two windows at a
// time: one waits for its browser most of the time.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "node",
    include: ["tests/layout/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
