// Just enough of the WebDriver protocol to open a page in a WebKitGTK window of a given size and to ask it questions.

import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";

/** A page server and a browser start in 3 s; with the machine's cores five times over in use it took more than 6. */
const READY_WITHIN_MS = 30_000;
const POLL_MS = 50;
/** Debian's multiarch folders, either of which may hold the browser. */
const MINI_BROWSER = execFileSync("sh", ["-c", "ls /usr/lib/*/webkit2gtk-4.*/MiniBrowser | tail -1"])
  .toString()
  .trim();

export interface Size {
  readonly width: number;
  readonly height: number;
}

export class Browser {
  readonly #processes: ChildProcess[];
  readonly #session: string;

  private constructor(processes: ChildProcess[], session: string) {
    this.#processes = processes;
    this.#session = session;
  }

  /** Starts a virtual display, a driver on a free port and a window. */
  static async start(): Promise<Browser> {
    const display = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "2200x2200x24"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const number = await firstLine(display);
    const port = await freePort();
    const env = { ...process.env, DISPLAY: `:${number}`, WEBKIT_DISABLE_DMABUF_RENDERER: "1" };
    const driver = spawn("WebKitWebDriver", [`--port=${port}`], { env, stdio: "ignore" });
    const root = `http://127.0.0.1:${port}`;
    await until(async () => (await fetch(`${root}/status`)).ok);
    const options = { binary: MINI_BROWSER, args: ["--automation"] };
    const answer = await post(`${root}/session`, {
      capabilities: { alwaysMatch: { "webkitgtk:browserOptions": options } },
    });
    return new Browser([driver, display], `${root}/session/${(answer as { sessionId: string }).sessionId}`);
  }

  /** Makes the page's own area exactly this large, whatever the window has around it. */
  async resize(size: Size): Promise<void> {
    await this.open("about:blank");
    let outer = size;
    await until(async () => {
      await post(`${this.#session}/window/rect`, { x: 0, y: 0, ...outer });
      const inner = await this.run<Size>("return { width: innerWidth, height: innerHeight }");
      const missing = { width: size.width - inner.width, height: size.height - inner.height };
      outer = { width: outer.width + missing.width, height: outer.height + missing.height };
      return missing.width === 0 && missing.height === 0;
    });
  }

  async open(url: string): Promise<void> {
    await post(`${this.#session}/url`, { url });
  }

  /** The value of a script's `return`. */
  async run<T>(script: string, ...args: unknown[]): Promise<T> {
    return (await post(`${this.#session}/execute/sync`, { script, args })) as T;
  }

  /** The value that a script hands to the callback, its last argument. */
  async runAsync<T>(script: string, ...args: unknown[]): Promise<T> {
    return (await post(`${this.#session}/execute/async`, { script, args })) as T;
  }

  /** Holds the pointer down in the middle of an element while `meanwhile` runs, and lets it go there. */
  async hold(selector: string, meanwhile: () => Promise<void>): Promise<void> {
    const [x, y] = await this.run<[number, number]>(
      `const box = document.querySelector(arguments[0]).getBoundingClientRect();
      return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)]`,
      selector,
    );
    await this.#point({ type: "pointerMove", duration: 0, x, y }, { type: "pointerDown", button: 0 });
    await meanwhile();
    await this.#point({ type: "pointerUp", button: 0 });
  }

  async #point(...actions: readonly object[]): Promise<void> {
    const mouse = { type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions };
    await post(`${this.#session}/actions`, { actions: [mouse] });
  }

  /** Waits until a script returns true. */
  async wait(script: string): Promise<void> {
    await until(() => this.run<boolean>(script));
  }

  /** The page as a PNG. The driver waits for the next repaint, which an idle page never makes: a speck is kept changing. */
  async screenshot(): Promise<Buffer> {
    await this.run(`const speck = document.createElement("div");
      speck.style.cssText = "position:fixed;right:0;bottom:0;width:1px;height:1px";
      document.body.append(speck);
      setInterval(() => (speck.style.background = speck.style.background ? "" : "black"), 50);`);
    const answer = await fetch(`${this.#session}/screenshot`);
    return Buffer.from(((await answer.json()) as { value: string }).value, "base64");
  }

  async stop(): Promise<void> {
    await fetch(this.#session, { method: "DELETE" });
    this.#processes.forEach((process) => process.kill());
  }
}

async function post(url: string, body: unknown): Promise<unknown> {
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  const { value } = (await answer.json()) as { value: unknown };
  if (!answer.ok) throw new Error(`${url}: ${JSON.stringify(value)}`);
  return value;
}

/** Polls until it holds; a failure to ask counts as "not yet". The last one is the error's cause. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  let cause: unknown;
  while (Date.now() < deadline) {
    try {
      if (await holds()) return;
    } catch (error) {
      cause = error;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error("the browser did not get there in time", { cause });
}

function firstLine(process: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    process.once("error", reject);
    process.stdout?.once("data", (data: Buffer) => resolve(data.toString().trim()));
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
