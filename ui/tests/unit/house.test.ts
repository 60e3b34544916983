// The rules of this folder: who imports whom, how long components are, which colours may meet.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ROOT, imports, read } from "./sources";

const components = read(".svelte");
const sources = [...components, ...read(".ts")];

test("only the backend's two modules import Tauri", () => {
  const importers = sources.filter(({ text }) => text.includes('"@tauri-apps/')).map(({ path }) => path);
  expect(importers.sort()).toEqual(["src/lib/backend/bindings.ts", "src/lib/backend/tauri.ts"]);
});

test("of the bindings the rest takes types only", () => {
  for (const { path, text } of sources) {
    if (path.endsWith("backend/tauri.ts")) continue;
    expect(text, path).not.toMatch(/import \{[^}]*\} from "[^"]*\/bindings"/);
  }
});

test("shared components import neither the student's nor the staff's, nor do those import each other", () => {
  for (const { path, text } of components) {
    const room = /components\/(\w+)\//.exec(path)?.[1];
    if (!room) continue;
    const others = ["student", "staff"].filter((other) => other !== room);
    for (const target of imports(text)) {
      for (const other of others) expect(target, path).not.toContain(`/${other}/`);
    }
  }
});

test("half of the components have 60 lines or fewer, none has more than 150", () => {
  const lengths = components.map(({ text }) => text.split("\n").length - 1).sort((a, b) => a - b);
  expect(lengths[Math.floor((lengths.length - 1) / 2)]).toBeLessThanOrEqual(60);
  expect(lengths.at(-1)).toBeLessThanOrEqual(150);
});

test("no component has words of its own: every one is a key", () => {
  for (const { path, text } of components) {
    const markup = text.replace(/<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>|<!--[\s\S]*?-->/g, "");
    expect(markup, path).not.toMatch(/\p{Script=Han}/u);
    expect(markup, path).not.toMatch(/>\s*[A-Z][a-z]+ [a-z]+/);
  }
});

test("no address outside the booth is in the sources", () => {
  const page = readFileSync(`${ROOT}/index.html`, "utf8");
  for (const { path, text } of [...sources, { path: "index.html", text: page }]) {
    expect(text, path).not.toMatch(/https?:\/\/(?!ipc\.localhost)/);
  }
});

/** The colours of the rule with this selector. */
function coloursOf(selector: string): Record<string, string> {
  const sheet = readFileSync(`${ROOT}/src/app.css`, "utf8");
  const rule = sheet.slice(sheet.indexOf(`\n${selector} {`)).split("\n}")[0];
  return Object.fromEntries(
    [...rule.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, hex]) => [name, hex]),
  );
}

test("the strong colours replace every colour", () => {
  const unchanged = Object.keys(coloursOf(":root")).filter(
    (name) => !(name in coloursOf('[data-contrast="high"]')),
  );
  expect(unchanged).toEqual([]);
});

test.each([
  ["usual", ":root", 4.5, 3],
  ["strong", '[data-contrast="high"]', 7, 7],
])(
  "%s colours: text and its ground, and the edges of controls, differ enough (WCAG 2.2)",
  (_, selector, text_ratio, edge_ratio) => {
    const colours = coloursOf(selector);
    const TEXT: [string, string[]][] = [
      ["ink", ["paper", "card", "brand-soft"]],
      ["ink-soft", ["paper", "card", "disabled"]],
      ["brand-deep", ["paper", "card", "brand-soft"]],
      ["on-brand", ["brand", "brand-deep", "bad", "warn"]],
      ["ok", ["card", "ok-soft"]],
      ["bad", ["card", "bad-soft", "paper"]],
      ["warn", ["warn-soft", "card"]],
      ["on-night", ["night"]],
      ["on-advice", ["advice"]],
      ["ink", ["key-soft", "keys"]],
    ];
    for (const [text, grounds] of TEXT) {
      for (const ground of grounds) {
        expect(contrast(colours[text], colours[ground]), `${text} on ${ground}`).toBeGreaterThanOrEqual(
          text_ratio,
        );
      }
    }
    expect(contrast(colours["line-strong"], colours.card)).toBeGreaterThanOrEqual(edge_ratio);
    expect(contrast(colours.brand, colours.card)).toBeGreaterThanOrEqual(edge_ratio);
  },
);

/** WCAG 2: the ratio of relative luminances, each raised by 0.05. */
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
