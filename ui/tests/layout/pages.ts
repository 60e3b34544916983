// The built window with the fake booth inside, served under the policy that the shell gives the real one.

import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

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
