// Presses as a finger makes them, down and up with time between.

import { expect, test } from "vitest";
import { TALL } from "./pages";
import { windowOf } from "./sound";

const window = windowOf(TALL);

test("a picture is chosen even if it appears under the finger", async () => {
  await window().show("import_pictures", "lang=en");
  const thumb = `[data-testid="picture-stick-1"] .thumb`;
  await window().browser.hold(`${thumb} > *`, () =>
    window().browser.run(
      `const thumb = document.querySelector(arguments[0]);
      thumb.replaceChildren(thumb.firstElementChild.cloneNode())`,
      thumb,
    ),
  );
  const pressed = await window().browser.run<string>(
    `return document.querySelector('[data-testid="picture-stick-1"]').getAttribute("aria-pressed")`,
  );
  expect(pressed).toBe("true");
});
