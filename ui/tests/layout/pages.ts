// The built window with the fake booth inside, served under the policy that the shell gives the real one; and what there is to look at:
// every step and variant of the fake booth, in every size and language. The layout tests and the pictures of `make screens` share it.

import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { STEPS, VARIANTS } from "../../src/lib/backend/fake-views";
import type { Size } from "./webdriver";

export const SCREENS: readonly string[] = [...Object.keys(STEPS), ...Object.keys(VARIANTS)];
export const TALL: Size = { width: 1080, height: 1920 };
export const WIDE: Size = { width: 1920, height: 1080 };
export const SMALL: Size = { width: 1366, height: 768 };
export const SIZES: readonly Size[] = [TALL, WIDE, SMALL];
export const LANGUAGES = ["zh", "en"] as const;

/** How the student may want the window shown: the names of its `data-` attributes and their values. */
export interface Look {
  readonly text?: 100 | 150;
  readonly contrast?: "normal" | "high";
  readonly layout?: "high" | "low";
}

const VITE = "node_modules/vite/bin/vite.js";

export class Pages {
  readonly url: string;
  readonly #server: ChildProcess;
  readonly #folder: string;

  private constructor(url: string, server: ChildProcess, folder: string) {
    this.url = url;
    this.#server = server;
    this.#folder = folder;
  }

  static async start(port: number): Promise<Pages> {
    const folder = mkdtempSync(join(tmpdir(), "booth-pages-"));
    // A process of its own: inside the test runner the bundler would build the components for tests.
    const env = { PATH: process.env.PATH, HOME: process.env.HOME };
    await promisify(execFile)("node", [VITE, "build", "--mode", "fake", "--outDir", folder], { env });
    const options = ["preview", "--port", String(port), "--strictPort", "--outDir", folder];
    const server = spawn("node", [VITE, ...options, "--host", "127.0.0.1"], { env, stdio: "ignore" });
    return new Pages(`http://127.0.0.1:${port}/`, server, folder);
  }

  stop(): void {
    this.#server.kill();
    rmSync(this.#folder, { recursive: true });
  }
}
