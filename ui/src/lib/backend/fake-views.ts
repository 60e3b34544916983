// A view of every step, with invented programmes and texts of the length that real ones have.

import type { StepName, StepOf } from "./backend";
import type { ConsentView, Language, MeasureView, ProgrammeView, Silhouette, Step, View } from "./bindings";

export const DEGREE: ProgrammeView = {
  id: "degree",
  title: { zh: "学历照片", en: "Degree photo" },
  summary: {
    zh: "毕业生学历证书电子注册用，480×640，浅蓝背景",
    en: "For the registration of degree certificates, 480×640, light blue",
  },
  pay_when: "before_shooting",
  photo_fen: 2000,
  sheet_fen: 1000,
  sheet_title: { zh: "大一寸 33×48 毫米", en: "Large one-inch 33×48 mm" },
  photos_per_sheet: 8,
  max_sheets: 5,
};

export const FRESHMAN: ProgrammeView = {
  ...DEGREE,
  id: "freshman",
  title: { zh: "新生照片", en: "Freshman photo" },
  summary: { zh: "新生学籍与校园卡用", en: "For enrolment and the campus card" },
  pay_when: "by_school",
  photo_fen: 0,
  sheet_fen: 0,
};

export const GENERAL: ProgrammeView = {
  ...DEGREE,
  id: "general",
  title: { zh: "一寸照片", en: "One-inch photo" },
  summary: { zh: "简历、考试报名用，25×35 毫米", en: "For applications and examinations, 25×35 mm" },
  pay_when: "after_shooting",
  photo_fen: 1500,
  sheet_title: { zh: "一寸 25×35 毫米", en: "One-inch 25×35 mm" },
  photos_per_sheet: 12,
};

const CONSENTS: ConsentView[] = [
  {
    id: "identity",
    version: "2026-01",
    title: { zh: "处理身份证件号码", en: "Use of your document number" },
    body: {
      zh: "目的：确认您的身份，把照片与您的学籍对应。\n内容：姓名、证件类型和号码、手机号码、学号。\n保存：加密保存在本机，交付后 30 天删除。\n您可以随时到服务台撤回同意、查询或删除。",
      en: "Purpose: to know who you are and to match the photo with your enrolment.\nWhat: name, document kind and number, mobile number, student number.\nHow long: encrypted in this booth, deleted 30 days after delivery.\nAt the service counter you can withdraw, see or delete it at any time.",
    },
  },
  {
    id: "face",
    version: "2026-01",
    title: { zh: "处理人脸图像", en: "Use of your face image" },
    body: {
      zh: "目的：拍摄证件照，并检测是否符合规范。\n内容：原始照片和成品照片；不提取用于识别身份的人脸特征。\n保存：加密保存在本机，与身份信息分开存放，交付后 30 天删除。\n不同意的，可以到服务台用其他方式办理。",
      en: "Purpose: to take the ID photo and to check it against the rules.\nWhat: the shot and the finished photo; no features for recognising you are derived.\nHow long: encrypted in this booth, apart from your identity, deleted 30 days after delivery.\nIf you don't agree, the service counter offers another way.",
    },
  },
  {
    id: "handover",
    version: "2026-01",
    title: { zh: "提供给照片收集单位", en: "Handing over to the collecting organisation" },
    body: {
      zh: "接收方：学校教务处及其委托的学历照片收集单位。\n目的：学历证书电子注册。\n内容：成品照片、姓名、证件号码、学号。\n方式：加密传输。",
      en: "Recipients: the registrar's office and the collecting organisation that it entrusts.\nPurpose: electronic registration of degree certificates.\nWhat: the finished photo, name, document number, student number.\nHow: encrypted transfer.",
    },
  },
];

const SILHOUETTE: Silhouette = {
  frame_aspect: 16 / 9,
  crop: { x: 0.3125, y: 0.08, w: 0.375, h: 0.889 },
  face: { cx: 0.5, cy: 0.44, rx: 0.085, ry: 0.205 },
  hair_top_y: 0.185,
  eye_y: 0.417,
};

const MEASURES: MeasureView[] = [
  { measure: "single_face_present", value: 100, unit: "", low: 95, high: null, verdict: "pass" },
  { measure: "inter_eye_distance", value: 112.4, unit: "px", low: 90, high: null, verdict: "pass" },
  { measure: "head_pose_roll", value: 0.31, unit: "deg", low: -1, high: 1, verdict: "pass" },
  { measure: "hair_top", value: 82, unit: "px", low: 50, high: 110, verdict: "pass" },
  { measure: "eye_line", value: 251, unit: "px", low: 200, high: 300, verdict: "pass" },
  { measure: "face_width", value: 236.7, unit: "px", low: 180, high: 300, verdict: "pass" },
  { measure: "eye_centre", value: 1.2, unit: "px", low: -6, high: 6, verdict: "pass" },
  { measure: "background_colour", value: 0.12, unit: "ΔE", low: null, high: 1, verdict: "pass" },
  { measure: "luminance", value: 0, unit: "", low: null, high: null, verdict: "not_assessed" },
  { measure: "file_size", value: 35.8, unit: "KB", low: 30, high: 40, verdict: "pass" },
];

type Steps = { readonly [Name in StepName]: StepOf<Name> };

export const STEPS: Steps = {
  welcome: { name: "welcome", able: true, faults: [], min_price_fen: 1500 },
  programme: { name: "programme", programmes: [DEGREE, FRESHMAN, GENERAL] },
  consent: { name: "consent", programme: DEGREE, documents: CONSENTS },
  details: { name: "details", programme: DEGREE },
  order: { name: "order", programme: DEGREE },
  pay: {
    name: "pay",
    order_number: "B7-0421-3",
    amount_fen: 3000,
    lines: [
      { item: "electronic_photo", quantity: 1, amount_fen: 2000 },
      { item: "printed_sheet", quantity: 1, amount_fen: 1000 },
    ],
    pin_locked_s: null,
  },
  briefing: { name: "briefing", programme: DEGREE, seconds: 150 },
  framing: { name: "framing", silhouette: SILHOUETTE, shots_left: 3, camera_fault: null },
  countdown: { name: "countdown", silhouette: SILHOUETTE, seconds_left: 3 },
  processing: { name: "processing" },
  review: {
    name: "review",
    photo_id: "018f6f6e-0000-7000-8000-000000000001",
    print_width_mm: 33,
    print_height_mm: 48,
    measures: MEASURES,
    reasons: [],
    shots_left: 2,
  },
  printing: {
    name: "printing",
    order_number: "B7-0421-3",
    jobs: [
      { kind: "sheet", state: "printing", fault: null },
      { kind: "receipt", state: "queued", fault: null },
    ],
  },
  done: { name: "done", order_number: "B7-0421-3" },
  staff_needed: { name: "staff_needed", order_number: "B7-0421-3", reasons: ["no_crop_fits"] },
};

/** Steps in the states that need other words. */
export const VARIANTS = {
  unable: { ...STEPS.welcome, able: false, faults: ["camera_unplugged", "out_of_paper"] },
  locked: { ...STEPS.pay, pin_locked_s: 48 },
  camera_fault: { ...STEPS.framing, camera_fault: "camera_unplugged" },
  refused: {
    ...STEPS.review,
    photo_id: null,
    measures: [],
    reasons: ["head_tilted", "too_dark"],
    shots_left: 1,
  },
  held: {
    ...STEPS.printing,
    jobs: [
      { kind: "sheet", state: "held", fault: "out_of_paper" },
      { kind: "receipt", state: "done", fault: null },
    ],
  },
} satisfies Record<string, Step>;

export function fakeView(step: Step, language: Language, change: Partial<View> = {}): View {
  return {
    revision: 1,
    language,
    strip: [
      { code: "simulated_camera", fault: null },
      { code: "folder_printer", fault: null },
      { code: "no_central", fault: null },
    ],
    time_left_s: 120,
    step,
    ...change,
  };
}
