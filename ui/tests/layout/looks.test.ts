// The tall kiosk as students may want it shown: in strong colours, whose sizes are those of the others, and low, where nothing that is
// pressed may be beyond the reach of somebody seated.

import { expect, test } from "vitest";
import { SCREENS, TALL } from "./pages";
import { expectMeasured, expectSound, expectWithinReach, windowOf } from "./sound";

const window = windowOf(TALL);

test.each(SCREENS)("%s: sound in strong colours; low, in both text sizes, within reach", async (screen) => {
  await window().show(screen, "lang=en");
  await window().look({ contrast: "high" });
  await expectSound(window());
  await window().look({ contrast: "normal", layout: "low" });
  await expectMeasured(window());
  await expectWithinReach(window());
  await window().look({ text: 150 });
  await expectSound(window());
  await expectWithinReach(window());
});

test("the last call, the help and the choices are within reach", async () => {
  await window().show("pay", "lang=en&left=25");
  await window().look({ layout: "low", text: 150 });
  await window().has("closing");
  await window().press(`[data-testid="help"]`);
  await window().has("help-dialog");
  await window().still();
  await expectSound(window());
  await expectWithinReach(window());
  await window().press(`[data-testid="close-help"]`, `[data-testid="display"]`);
  await window().has("display-choices");
  await expectWithinReach(window());
});

test("the last call covers neither the PIN pad nor the camera's picture", async () => {
  for (const [screen, part] of [
    ["pay", "pin-1"],
    ["framing", "stage"],
  ]) {
    await window().show(screen, "lang=en&left=25");
    await window().has("closing");
    const places = await window().browser.run<[number, number]>(
      `const box = (id) => document.querySelector('[data-testid="' + id + '"]').getBoundingClientRect();
      return [box("closing").bottom, box(arguments[0]).top]`,
      part,
    );
    expect(places[0], screen).toBeLessThanOrEqual(places[1]);
  }
});
