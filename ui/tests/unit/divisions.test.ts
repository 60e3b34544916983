// The places that prints are sent to, as the booth loads them.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { divisionsText } from "../../tools/divisions.mjs";
import { ROOT } from "./sources";

const committed = readFileSync(`${ROOT}/../assets/divisions.json`, "utf8");

test("assets/divisions.json is what node tools/divisions.mjs writes", () => {
  expect(committed === divisionsText(), "run node tools/divisions.mjs").toBe(true);
});

test("every city lies in its province and every district in its city, by their codes", () => {
  type City = [number, string, [number, string][]];
  const provinces = JSON.parse(committed) as [number, string, City[]][];
  expect(provinces.length).toBe(34);
  for (const [province, , cities] of provinces) {
    expect(cities.length, `${province}`).toBeGreaterThan(0);
    for (const [city, , districts] of cities) {
      expect(Math.floor(city / 10_000)).toBe(province / 10_000);
      for (const [district] of districts) expect(Math.floor(district / 100)).toBe(city / 100);
    }
  }
});
