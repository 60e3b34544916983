// Invented programmes, with titles and sums of the length that real ones have.

import type { PrintView, ProgrammeView } from "./bindings";

const LARGE_ONE_INCH: PrintView = {
  id: "large_one_inch",
  title: { zh: "大一寸 33×48 毫米", en: "Large one-inch 33×48 mm" },
  sheet_fen: 1000,
  photos: 8,
  width_mm: 33,
  height_mm: 48,
};

const ONE_INCH: PrintView = {
  id: "one_inch",
  title: { zh: "一寸 25×35 毫米", en: "One-inch 25×35 mm" },
  sheet_fen: 1000,
  photos: 12,
  width_mm: 25,
  height_mm: 35,
};

const SMALL_ONE_INCH: PrintView = {
  id: "small_one_inch",
  title: { zh: "小一寸 22×32 毫米", en: "Small one-inch 22×32 mm" },
  sheet_fen: 800,
  photos: 15,
  width_mm: 22,
  height_mm: 32,
};

const TWO_INCH: PrintView = {
  id: "two_inch",
  title: { zh: "二寸 35×53 毫米", en: "Two-inch 35×53 mm" },
  sheet_fen: 1200,
  photos: 6,
  width_mm: 35,
  height_mm: 53,
};

export const DEGREE: ProgrammeView = {
  id: "degree",
  title: { zh: "学历照片", en: "Degree photo" },
  summary: {
    zh: "毕业生学历证书电子注册用，480×640，浅蓝背景",
    en: "For the registration of degree certificates, 480×640, light blue",
  },
  pay_when: "before_shooting",
  photo_fen: 2000,
  prints: [LARGE_ONE_INCH, ONE_INCH],
  max_sheets: 5,
  postage_fen: 800,
  delivery: ["here", "counter", "mail"],
  season: "open",
  opens: null,
  closes: "2027-06-30",
  roster: true,
  collection_code: true,
};

export const FRESHMAN: ProgrammeView = {
  ...DEGREE,
  id: "freshman",
  title: { zh: "新生照片", en: "Freshman photo" },
  summary: { zh: "新生学籍与校园卡用", en: "For enrolment and the campus card" },
  pay_when: "by_school",
  photo_fen: 0,
  prints: [{ ...LARGE_ONE_INCH, sheet_fen: 0 }],
  postage_fen: 0,
  delivery: ["here"],
  season: "not_yet",
  opens: "2027-08-20",
  closes: null,
  collection_code: false,
};

export const GENERAL: ProgrammeView = {
  ...DEGREE,
  id: "general",
  title: { zh: "一寸照片", en: "One-inch photo" },
  summary: { zh: "简历、考试报名用，25×35 毫米", en: "For applications and examinations, 25×35 mm" },
  pay_when: "after_shooting",
  photo_fen: 1500,
  prints: [ONE_INCH],
  closes: null,
  roster: false,
  collection_code: false,
};

/** As many sizes as there can be. */
export const MANY_SIZES: ProgrammeView = {
  ...GENERAL,
  id: "many_sizes",
  prints: [ONE_INCH, SMALL_ONE_INCH, LARGE_ONE_INCH, TWO_INCH],
};
