// The layout test: every screen in a real WebKitGTK window, measured. Needs WebKitWebDriver, MiniBrowser and Xvfb.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "node",
    include: ["tests/layout/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
