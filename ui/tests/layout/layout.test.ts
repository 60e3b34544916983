// Every screen in every size, language and text size, in a real WebKitGTK window: what can be touched is large enough, what can be
// read is large enough, nothing is cut off, and axe finds nothing. The same for strong colours, and for the low layout that nothing
// pressed is beyond the reach of somebody seated.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { violations } from "./axe";
import { BoothWindow } from "./booth-window";
import { FAULTS_ON_PAGE, OUT_OF_REACH, type LayoutFault } from "./measure";
import { LANGUAGES, SCREENS, SIZES, TALL } from "./pages";

let window: BoothWindow;

beforeAll(async () => {
  window = await BoothWindow.open();
});

afterAll(() => window?.close());

async function sound(): Promise<void> {
  expect(await window.browser.run<LayoutFault[]>(FAULTS_ON_PAGE)).toEqual([]);
  expect(await violations(window.browser)).toEqual([]);
}

describe.each(SIZES)("$width x $height", (size) => {
  beforeAll(() => window.resize(size));

  describe.each(LANGUAGES)("%s", (language) => {
    test.each(SCREENS)("%s: sound in both text sizes", async (screen) => {
      await window.show(screen, `lang=${language}`);
      await sound();
      await window.look({ text: 150 });
      await sound();
    });

    test("details with a digit pad: the number pad's keys are large enough", async () => {
      await window.show("details", `lang=${language}`);
      await window.press(`[data-testid="field-phone"]`);
      await window.browser.wait(`return !!document.querySelector('.keyboard[data-kind="digits"]')`);
      await sound();
    });

    test("help, and the choices of how the window is shown", async () => {
      await window.show("framing", `lang=${language}`);
      await window.look({ text: 150 });
      await window.press(`[data-testid="display"]`);
      await window.has("display-choices");
      await sound();
      await window.press(`[data-testid="display"]`, `[data-testid="help"]`);
      await window.has("help-dialog");
      await window.still();
      await sound();
    });

    test("a refusal and the last call are shown over the screen", async () => {
      await window.show("programme", `lang=${language}&left=19&error=not_now`);
      await window.look({ text: 150 });
      await window.press(`[data-testid="programme-degree"]`);
      await window.has("error");
      await window.has("closing");
      await window.still();
      await sound();
    });
  });

  test.each(SCREENS)("%s: strong colours are sound", async (screen) => {
    await window.show(screen, "lang=zh");
    await window.look({ contrast: "high" });
    await sound();
  });

  test("pinyin: candidates are offered and a press puts the character into the field", async () => {
    await window.show("details", "lang=zh");
    await window.press(
      `[data-skbtn="z"]`,
      `[data-skbtn="h"]`,
      `[data-skbtn="a"]`,
      `[data-skbtn="n"]`,
      `[data-skbtn="g"]`,
    );
    await window.browser.wait(`return document.querySelectorAll('[data-testid="candidate"]').length > 3`);
    await sound();
    await window.press(`[data-testid="candidate"]:nth-child(2)`);
    await window.browser.wait(`return document.querySelector('[data-testid="field-name"]').value === "张"`);
  });
});

describe("low on a tall screen", () => {
  beforeAll(() => window.resize(TALL));

  test.each(SCREENS)("%s: everything pressed is within reach", async (screen) => {
    await window.show(screen, "lang=en");
    await window.look({ layout: "low" });
    await sound();
    expect(await window.browser.run<LayoutFault[]>(OUT_OF_REACH)).toEqual([]);
    await window.look({ text: 150 });
    await sound();
    expect(await window.browser.run<LayoutFault[]>(OUT_OF_REACH)).toEqual([]);
  });

  test("the last call and the help are within reach", async () => {
    await window.show("pay", "lang=en&left=19");
    await window.look({ layout: "low", text: 150 });
    await window.press(`[data-testid="help"]`);
    await window.has("help-dialog");
    await window.has("closing");
    await window.still();
    await sound();
    expect(await window.browser.run<LayoutFault[]>(OUT_OF_REACH)).toEqual([]);
  });
});
