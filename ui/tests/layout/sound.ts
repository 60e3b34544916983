// What every screen must be in every size: what can be touched is large enough, what can be read is large enough, nothing is cut off,
// and axe finds nothing. One file a size, so that two windows are measured at a time.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { violations } from "./axe";
import { BoothWindow } from "./booth-window";
import { FAULTS_ON_PAGE, OUT_OF_REACH, type LayoutFault } from "./measure";
import { LANGUAGES, SCREENS } from "./pages";
import type { Size } from "./webdriver";

/** The window of a file's tests, in one size. */
export function windowOf(size: Size): () => BoothWindow {
  let window: BoothWindow | undefined;
  beforeAll(async () => {
    window = await BoothWindow.open();
    await window.resize(size);
  });
  afterAll(() => window?.close());
  return () => window!;
}

/** Nothing too small, nothing cut off. */
export async function expectMeasured({ browser }: BoothWindow): Promise<void> {
  expect(await browser.run<LayoutFault[]>(FAULTS_ON_PAGE)).toEqual([]);
}

/** And nothing that axe finds. */
export async function expectSound(window: BoothWindow): Promise<void> {
  await expectMeasured(window);
  expect(await violations(window.browser)).toEqual([]);
}

export async function expectWithinReach({ browser }: BoothWindow): Promise<void> {
  expect(await browser.run<LayoutFault[]>(OUT_OF_REACH)).toEqual([]);
}

/** The tests that every size has, and what they ask of each screen. */
export function everyScreenIsSound(
  window: () => BoothWindow,
  expectGood: (window: BoothWindow) => Promise<void> = expectSound,
): void {
  describe.each(LANGUAGES)("%s", (language) => {
    test.each(SCREENS)("%s: sound in both text sizes", async (screen) => {
      await window().show(screen, `lang=${language}`);
      await expectGood(window());
      await window().look({ text: 150 });
      await expectGood(window());
    });

    test("a form with a digit pad: the number pad's keys are large enough", async () => {
      await window().show("register", `lang=${language}`);
      await window().press(`[data-testid="field-phone"]`);
      await window().browser.wait(`return !!document.querySelector('.keyboard[data-kind="digits"]')`);
      await expectGood(window());
    });

    test("help, and the choices of how the window is shown", async () => {
      await window().show("framing", `lang=${language}`);
      await window().look({ text: 150 });
      await window().press(`[data-testid="display"]`);
      await window().has("display-choices");
      await expectGood(window());
      await window().press(`[data-testid="display"]`, `[data-testid="help"]`);
      await window().has("help-dialog");
      await window().still();
      await expectGood(window());
    });

    test("a refusal and the last call are shown over the screen", async () => {
      await window().show("programme", `lang=${language}&left=19&error=not_now`);
      await window().look({ text: 150 });
      await window().press(`[data-testid="programme-degree"]`);
      await window().has("error");
      await window().has("closing");
      await window().still();
      await expectGood(window());
    });
  });

  test("pinyin: candidates are offered and a press puts the character into the field", async () => {
    await window().show("register", "lang=zh");
    await window().press(...[..."zhang"].map((letter) => `[data-skbtn="${letter}"]`));
    await window().browser.wait(`return document.querySelectorAll('[data-testid="candidate"]').length > 3`);
    await expectGood(window());
    await window().press(`[data-testid="candidate"]:nth-child(2)`);
    await window().browser.wait(`return document.querySelector('[data-testid="field-name"]').value === "张"`);
  });
}
