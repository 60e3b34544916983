// A real WebKitGTK window on the fake booth's pages: shows a screen as a student would find it, and presses what is on it.

import { showsCamera, STEPS, VARIANTS } from "../../src/lib/backend/fake-views";
import { Pages, type Look } from "./pages";
import { Browser, freePort, until, type Size } from "./webdriver";

const ALL = { ...STEPS, ...VARIANTS };

export class BoothWindow {
  readonly browser: Browser;
  readonly #pages: Pages;

  private constructor(pages: Pages, browser: Browser) {
    this.#pages = pages;
    this.browser = browser;
  }

  static async open(): Promise<BoothWindow> {
    const pages = await Pages.start(await freePort());
    await until(async () => (await fetch(pages.url)).ok);
    return new BoothWindow(pages, await Browser.start());
  }

  async close(): Promise<void> {
    await this.browser.stop();
    this.#pages.stop();
  }

  resize(size: Size): Promise<void> {
    return this.browser.resize(size);
  }

  /** Opens a screen and waits until it stays as it is: pictures loaded, entrances over, the preview running. */
  async show(screen: string, query: string): Promise<void> {
    const step = ALL[screen as keyof typeof ALL];
    await this.browser.open(`${this.#pages.url}?fake=${screen}&${query}`);
    await this.has("screen");
    if (showsCamera(step)) await this.browser.wait("return window.__preview?.frames > 2");
    if (screen === "framing")
      await this.browser.wait(`return !!document.querySelector('[data-testid="shoot"]:enabled')`);
    await this.still();
  }

  /** Changes how the window is shown, as the header's choices do. */
  async look(look: Look): Promise<void> {
    await this.press(
      `[data-testid="display"]`,
      ...(look.text ? [`[data-testid="text-size-${look.text}"]`] : []),
      ...(look.contrast ? [`[data-testid="contrast-${look.contrast}"]`] : []),
      ...(look.layout ? [`[data-testid="layout-${look.layout}"]`] : []),
      `[data-testid="display"]`,
    );
    await this.still();
  }

  /** Waits for a test id. */
  has(testid: string): Promise<void> {
    return this.browser.wait(`return !!document.querySelector('[data-testid="${testid}"]')`);
  }

  still(): Promise<void> {
    return this.browser.wait(
      `return [...document.images].every((image) => image.complete) &&
        document.getAnimations().every((one) => one.effect.getTiming().iterations === Infinity || one.playState === "finished")`,
    );
  }

  /** Presses one after the other, as fast as the page follows. */
  async press(...selectors: string[]): Promise<void> {
    const missed = await this.browser.runAsync<string | null>(
      `const done = arguments[arguments.length - 1];
      (async () => {
        for (const selector of arguments[0]) {
          const key = document.querySelector(selector);
          if (!key) throw new Error("nothing to press: " + selector);
          for (const type of ["pointerdown", "mousedown", "pointerup", "mouseup", "click"])
            key.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true }));
          await new Promise((followed) => setTimeout(followed));
        }
      })().then(() => done(null), (error) => done(String(error)));`,
      selectors,
    );
    if (missed !== null) throw new Error(missed);
  }
}
