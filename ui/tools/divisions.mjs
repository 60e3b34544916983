// Writes assets/divisions.json: the provinces, cities and districts that a printed photo can be sent to.
// Reads @vant/area-data, which the vant component library keeps for its own address forms. `divisionsText` is what the file
// holds. Run it by hand after that package was updated: node tools/divisions.mjs

import { realpathSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { areaList } from "@vant/area-data";

export const OUT = new URL("../../assets/divisions.json", import.meta.url);

/** The file's text: `[code, name, [city: [code, name, [district: [code, name]]]]]` of each province, a line a city. */
export function divisionsText() {
  const { province_list, city_list, county_list } = areaList;
  const cities = grouped(city_list, 2);
  const districts = grouped(county_list, 4);
  const provinces = Object.entries(province_list).map(([code, name]) => {
    const below = (cities.get(code.slice(0, 2)) ?? []).map((city) => [
      ...city,
      districts.get(`${city[0]}`.slice(0, 4)) ?? [],
    ]);
    const lines = below.map((city) => JSON.stringify(city)).join(",\n");
    return `[${code},${JSON.stringify(name)},[\n${lines}]]`;
  });
  return `[${provinces.join(",\n")}]\n`;
}

/** Code and name by the first digits of the code, in the package's order. */
function grouped(list, digits) {
  const groups = new Map();
  for (const [code, name] of Object.entries(list)) {
    const key = code.slice(0, digits);
    groups.set(key, [...(groups.get(key) ?? []), [Number(code), name]]);
  }
  return groups;
}

if (realpathSync(process.argv[1] ?? "") === fileURLToPath(import.meta.url))
  writeFileSync(OUT, divisionsText());
