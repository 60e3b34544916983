// A few areas with their real codes: enough to choose a district by its province and city.

import type { AreaView } from "./bindings";

const AREAS: readonly AreaView[] = [
  { code: "110000", name: "北京市", divided: true },
  { code: "110100", name: "市辖区", divided: true },
  { code: "110101", name: "东城区", divided: false },
  { code: "110108", name: "海淀区", divided: false },
  { code: "420000", name: "湖北省", divided: true },
  { code: "420100", name: "武汉市", divided: true },
  { code: "420106", name: "武昌区", divided: false },
  { code: "420111", name: "洪山区", divided: false },
  { code: "420500", name: "宜昌市", divided: true },
  { code: "420502", name: "西陵区", divided: false },
  { code: "650000", name: "新疆维吾尔自治区", divided: true },
  { code: "654000", name: "伊犁哈萨克自治州", divided: true },
  { code: "654022", name: "察布查尔锡伯自治县", divided: false },
];

/** The area that holds another; `null` for a province. */
function parentOf(code: string): string | null {
  if (code.endsWith("0000")) return null;
  return code.endsWith("00") ? `${code.slice(0, 2)}0000` : `${code.slice(0, 4)}00`;
}

/** The areas right inside `parent`; the provinces where it is `null`. */
export function areasIn(parent: string | null): AreaView[] {
  return AREAS.filter(({ code }) => parentOf(code) === parent);
}
