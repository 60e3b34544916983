// Pictures of every screen, to be looked at: each size, language and text size, the tall kiosk also in strong colours and low.
// Beside them a page that shows them all. Whether they are sound is measured by the tests next to this.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { BoothWindow } from "./booth-window";
import { LANGUAGES, SCREENS, SIZES, TALL, type Look } from "./pages";
import type { Size } from "./webdriver";

interface Kind {
  /** The end of the picture's name. */
  readonly name: string;
  readonly size: Size;
  readonly language: string;
  readonly look: Look;
}

const LOOKS: readonly [string, Look][] = [
  ["", {}],
  ["-150", { text: 150 }],
  ["-contrast", { contrast: "high" }],
  ["-low", { layout: "low" }],
];

const KINDS: readonly Kind[] = SIZES.flatMap((size) =>
  LANGUAGES.flatMap((language) =>
    (size === TALL ? LOOKS : LOOKS.slice(0, 2)).map(([suffix, look]) => ({
      name: `${size.width}x${size.height}-${language}${suffix}`,
      size,
      language,
      look,
    })),
  ),
);

/** Takes the pictures of the named screens, or of all, into a folder of their own. Two windows share the work. */
export async function takePictures(folder: string, names: readonly string[]): Promise<void> {
  const screens = names.length > 0 ? SCREENS.filter((screen) => names.includes(screen)) : SCREENS;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await Promise.all([
    taken(
      folder,
      screens,
      KINDS.filter(({ size }) => size === TALL),
    ),
    taken(
      folder,
      screens,
      KINDS.filter(({ size }) => size !== TALL),
    ),
  ]);
  writeFileSync(`${folder}/index.html`, sheet(screens));
}

async function taken(folder: string, screens: readonly string[], kinds: readonly Kind[]): Promise<void> {
  const window = await BoothWindow.open();
  try {
    let size: Size | null = null;
    for (const kind of kinds) {
      if (kind.size !== size) await window.resize((size = kind.size));
      for (const screen of screens) {
        await window.show(screen, `lang=${kind.language}`);
        if (kind.look !== LOOKS[0][1]) await window.look(kind.look);
        writeFileSync(`${folder}/${screen}-${kind.name}.png`, await window.browser.screenshot());
      }
    }
  } finally {
    await window.close();
  }
}

function sheet(screens: readonly string[]): string {
  const figure = (screen: string, { name, size }: Kind) =>
    `<figure><a href="${screen}-${name}.png"><img loading="lazy" src="${screen}-${name}.png" alt="" ` +
    `width="${size.width / 5}" height="${size.height / 5}"></a><figcaption>${name}</figcaption></figure>`;
  const section = (screen: string) =>
    `<section id="${screen}"><h2>${screen}</h2><div>${KINDS.map((kind) => figure(screen, kind)).join("")}</div></section>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Screens</title>
<style>
  body { font: 14px system-ui; margin: 24px; background: #ddd }
  nav { display: flex; flex-wrap: wrap; gap: 4px 16px }
  section > div { display: flex; flex-wrap: wrap; gap: 12px; align-items: end }
  figure { margin: 0 }
</style>
<h1>Every screen</h1>
<nav>${screens.map((screen) => `<a href="#${screen}">${screen}</a>`).join("")}</nav>
${screens.map(section).join("\n")}
</html>
`;
}
