// Every screen, in both languages and both orientations, in a real WebKitGTK window: what can be touched is large enough,
// what can be read is large enough, and nothing is cut off. With LAYOUT_SHOTS=DIR each screen is also saved as a picture.

import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { STEPS, VARIANTS } from "../../src/lib/backend/fake-views";
import { FAULTS_ON_PAGE, type LayoutFault } from "./measure";
import { Pages } from "./pages";
import { Browser, freePort, until, type Size } from "./webdriver";

const SIZES: readonly Size[] = [
  { width: 1080, height: 1920 },
  { width: 1920, height: 1080 },
];
const LANGUAGES = ["zh", "en"];
const SCREENS = [...Object.keys(STEPS), ...Object.keys(VARIANTS)];
const LIVE = new Set(["framing", "countdown", "camera_fault", "lost_shot", "given_up", "perfect", "by_hand"]);
const SHOTS = process.env.LAYOUT_SHOTS;

let pages: Pages;
let browser: Browser;

beforeAll(async () => {
  pages = await Pages.start(await freePort());
  await until(async () => (await fetch(pages.url)).ok);
  browser = await Browser.start();
});

afterAll(async () => {
  await browser?.stop();
  pages?.stop();
});

describe.each(SIZES)("$width x $height", (size) => {
  beforeAll(() => browser.resize(size));

  describe.each(LANGUAGES)("%s", (language) => {
    test.each(SCREENS)("%s: targets and text are large enough, nothing is cut off", async (screen) => {
      await show(screen, `lang=${language}`);
      await shoot(`${screen}-${language}-${size.width}x${size.height}`);
      expect(await browser.run<LayoutFault[]>(FAULTS_ON_PAGE)).toEqual([]);
    });

    test("details with a digit pad: the number pad's keys are large enough", async () => {
      await show("details", `lang=${language}`);
      await press(`[data-testid="field-phone"]`);
      await browser.wait(`return !!document.querySelector('.keyboard[data-kind="digits"]')`);
      await shoot(`details-digits-${language}-${size.width}x${size.height}`);
      expect(await browser.run<LayoutFault[]>(FAULTS_ON_PAGE)).toEqual([]);
    });
  });

  test("pinyin: candidates are offered and a press puts the character into the field", async () => {
    await show("details", "lang=zh");
    await press(
      `[data-skbtn="z"]`,
      `[data-skbtn="h"]`,
      `[data-skbtn="a"]`,
      `[data-skbtn="n"]`,
      `[data-skbtn="g"]`,
    );
    await browser.wait(`return document.querySelectorAll('[data-testid="candidate"]').length > 3`);
    await shoot(`details-pinyin-${size.width}x${size.height}`);
    expect(await browser.run<LayoutFault[]>(FAULTS_ON_PAGE)).toEqual([]);
    await press(`[data-testid="candidate"]:nth-child(2)`);
    await browser.wait(`return document.querySelector('[data-testid="field-name"]').value === "张"`);
  });

  test("a refusal and a screen about to close are shown over the screen, large enough", async () => {
    await show("programme", "lang=en&left=19&error=not_now");
    await press(`[data-testid="programme-degree"]`);
    await browser.wait(`return !!document.querySelector('[data-testid="error"]')`);
    await browser.wait(`return !!document.querySelector('[data-testid="closing"]')`);
    await shoot(`refusal-${size.width}x${size.height}`);
    expect(await browser.run<LayoutFault[]>(FAULTS_ON_PAGE)).toEqual([]);
  });
});

async function show(screen: string, query: string): Promise<void> {
  await browser.open(`${pages.url}?fake=${screen}&${query}`);
  await browser.wait(`return !!document.querySelector('[data-testid="screen"]')`);
  if (LIVE.has(screen)) await browser.wait("return window.__preview?.frames > 2");
  if (screen === "framing")
    await browser.wait(`return !!document.querySelector('[data-testid="shoot"]:enabled')`);
  // Loaded pictures and finished entrances: a screen is measured as it stays.
  await browser.wait(
    `return [...document.images].every((image) => image.complete) &&
      document.getAnimations().every((one) => one.effect.getTiming().iterations === Infinity || one.playState === "finished")`,
  );
}

async function press(...selectors: string[]): Promise<void> {
  for (const selector of selectors) {
    const script = `const key = document.querySelector(arguments[0]);
      for (const type of ["pointerdown", "mousedown", "pointerup", "mouseup", "click"])
        key.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true }));`;
    await browser.run(script, selector);
  }
}

async function shoot(name: string): Promise<void> {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  writeFileSync(`${SHOTS}/${name}.png`, await browser.screenshot());
}
