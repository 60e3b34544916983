// Words, amounts and figures.

import { describe, expect, test } from "vitest";
import type { MeasureView } from "../../src/lib/backend/bindings";
import { valueText, windowText } from "../../src/lib/components/student/measures";
import { duration } from "../../src/lib/components/student/duration";
import { secondsLeft } from "../../src/lib/clock.svelte";
import { figure, masked, yuan } from "../../src/lib/format";
import { DICTIONARIES, translate, type Key } from "../../src/lib/i18n";

const KEYS = Object.keys(DICTIONARIES.zh) as Key[];
const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

describe("dictionaries", () => {
  test("both languages have the same keys, none of them empty", () => {
    expect(Object.keys(DICTIONARIES.en).sort()).toEqual([...KEYS].sort());
    for (const key of KEYS) {
      expect(DICTIONARIES.zh[key].trim(), key).not.toBe("");
      expect(DICTIONARIES.en[key].trim(), key).not.toBe("");
    }
  });

  test("both languages fill in the same values", () => {
    for (const key of KEYS) expect(places(DICTIONARIES.en[key]), key).toEqual(places(DICTIONARIES.zh[key]));
  });

  test("English has no Chinese characters", () => {
    for (const key of KEYS) expect(DICTIONARIES.en[key], key).not.toMatch(/\p{Script=Han}/u);
  });

  test("values are filled in; a place without one stays visible", () => {
    expect(translate("en", "framing.shots", { count: 3 })).toBe("Shots left: 3");
    expect(translate("en", "framing.shots")).toBe("Shots left: {count}");
  });
});

test.each([
  [0, "¥0.00"],
  [5, "¥0.05"],
  [2000, "¥20.00"],
  [123456, "¥1234.56"],
])("%i fen are %s", (fen, text) => expect(yuan(fen)).toBe(text));

test.each([
  [236.7, "237"],
  [82.34, "82.3"],
  [0.312, "0.31"],
  [-1.25, "-1.3"],
  [0, "0"],
  [40960, "40960"],
])("%d is shown as %s", (value, text) => expect(figure(value, "en")).toBe(text));

test.each([
  ["11010520040501001X", "110•••••••••••••1X"],
  ["E12345678", "E12••••78"],
  ["12345", "•••••"],
  ["", ""],
])("%s is masked as %s", (number, text) => expect(masked(number)).toBe(text));

test.each([
  [45, "45 s"],
  [120, "2 min"],
  [150, "2 min 30 s"],
])("%i seconds are %s", (seconds, text) => {
  expect(duration(seconds, (key, values) => translate("en", key, values))).toBe(text);
});

test.each([
  [30, 0, 0, 30],
  [30, 0, 900, 30],
  [30, 0, 1000, 29],
  [3, 5000, 4900, 3],
  [2, 0, 9000, 0],
])("%i s given at %i ms are %i ms later %i s", (given, since, now, left) => {
  expect(secondsLeft(given, since, now)).toBe(left);
});

describe("measures", () => {
  const measure = (change: Partial<MeasureView>): MeasureView => ({
    measure: "hair_top",
    value: 82.3,
    unit: "px",
    low: 50,
    high: 110,
    verdict: "pass",
    ...change,
  });
  const speaker = (language: "zh" | "en") => ({
    view: { language },
    t: (key: Key, values?: Record<string, string | number>) => translate(language, key, values),
  });

  test.each<[Partial<MeasureView>, string, string]>([
    [{}, "82.3 像素", "要求 50～110"],
    [{ unit: "deg", value: 0.3, low: -1, high: 1 }, "0.3 度", "要求 -1～1"],
    [{ unit: "byte", value: 36_678, low: 30_720, high: 40_960 }, "35.8 KB", "要求 30～40"],
    [{ unit: "byte", value: 0, low: 0, high: 0 }, "0 字节", "要求 0"],
    [{ unit: "delta_e", value: 0.12, low: null, high: 1 }, "0.12 ΔE", "要求不超过 1"],
    [{ unit: "", value: 91, low: 60, high: null }, "91", "要求不低于 60"],
    [{ unit: "dpi", value: 300, low: 300, high: 300 }, "300 dpi", "要求 300"],
    [{ verdict: "not_assessed", low: null, high: null }, "未检测", ""],
  ])("%o reads %s, %s", (change, value, window) => {
    expect(valueText(measure(change), speaker("zh"))).toBe(value);
    expect(windowText(measure(change), speaker("zh"))).toBe(window);
  });

  test("English has its own units and windows", () => {
    expect(valueText(measure({}), speaker("en"))).toBe("82.3 px");
    expect(windowText(measure({}), speaker("en"))).toBe("wanted 50 to 110");
  });
});
