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
    id: "agreement",
    version: "2026-01-01",
    title: { zh: "我已阅读并同意《用户协议》", en: "I have read and accept the user agreement" },
    body: {
      zh: "本机为您拍摄、制作证件照，并按您的选择打印。照片须通过采集标准的检查方可交付；未通过时会说明原因，并可在次数内重拍。\n已付款而未能得到合格照片的，由工作人员处理或退款。",
      en: "This booth takes and makes your photo and prints it as you choose. A photo is delivered only after it passed the standard's checks; otherwise the reasons are shown and you may take another within the limit.\nIf you paid and no photo passes, staff will help you or return your money.",
    },
  },
  {
    id: "identity",
    version: "2026-01-01",
    title: { zh: "我单独同意处理我的证件号码", en: "I separately consent to the use of my document number" },
    body: {
      zh: "目的：确认您的身份，把照片与您的学籍对应。内容：姓名、证件类型和号码、手机号码、学号。\n保存：加密保存在本机，交付后按期限删除。您可以随时到服务台查询、更正、删除或撤回同意。",
      en: "Purpose: to know who you are and to match the photo with your enrolment. What: name, document kind and number, mobile number, student number.\nKept: encrypted in this booth, deleted after the retention time. You may ask staff to see, correct or delete it, or withdraw.",
    },
  },
  {
    id: "face_image",
    version: "2026-01-01",
    title: {
      zh: "我单独同意拍摄并处理我的人脸图像",
      en: "I separately consent to my face image being taken and processed",
    },
    body: {
      zh: "目的：制作符合规范的证件照并检查是否合格。人脸图像只在本机处理，不做身份识别，不修饰五官。\n未被选用的照片在保留期限后删除。",
      en: "Purpose: to make an official photo and to check it. Your face is processed in this booth only, is not used to recognise you, and is not retouched.\nPictures that you did not choose are deleted after the retention time.",
    },
  },
  {
    id: "hand_over",
    version: "2026-01-01",
    title: {
      zh: "我单独同意把照片与信息提供给采集单位",
      en: "I separately consent to handing the photo and my details to the collecting organisation",
    },
    body: {
      zh: "接收方：本校及学历证书图像采集单位。内容：照片、姓名、证件号码、学号。用途：学历证书电子注册。",
      en: "Recipients: this school and the organisation that collects degree photos. What: photo, name, document number, student number. Use: electronic registration of your degree.",
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
  { measure: "single_face_present", value: 1, unit: "", low: 0.9, high: null, verdict: "pass" },
  { measure: "inter_eye_distance", value: 112.4, unit: "px", low: 90, high: null, verdict: "pass" },
  { measure: "luminance", value: 0.47, unit: "", low: 0.2, high: 0.8, verdict: "pass" },
  { measure: "over_exposure", value: 0, unit: "", low: null, high: 0.05, verdict: "pass" },
  { measure: "head_pose_roll", value: 0.31, unit: "deg", low: -1, high: 1, verdict: "pass" },
  { measure: "hair_top", value: 82.3, unit: "px", low: 50, high: 110, verdict: "pass" },
  { measure: "eye_line", value: 251.1, unit: "px", low: 200, high: 300, verdict: "pass" },
  { measure: "face_width", value: 236.7, unit: "px", low: 180, high: 300, verdict: "pass" },
  { measure: "eye_centre", value: -1.2, unit: "px", low: -6, high: 6, verdict: "pass" },
  { measure: "background_colour", value: 0.12, unit: "delta_e", low: null, high: 1, verdict: "pass" },
  {
    measure: "background_uniformity",
    value: 0,
    unit: "delta_e",
    low: null,
    high: null,
    verdict: "not_assessed",
  },
  { measure: "photo_width", value: 480, unit: "px", low: 480, high: 480, verdict: "pass" },
  { measure: "photo_height", value: 640, unit: "px", low: 640, high: 640, verdict: "pass" },
  { measure: "density", value: 300, unit: "dpi", low: 300, high: 300, verdict: "pass" },
  { measure: "file_size", value: 36_678, unit: "byte", low: 30_720, high: 40_960, verdict: "pass" },
  { measure: "quality", value: 91, unit: "", low: 60, high: null, verdict: "pass" },
  { measure: "trailing_bytes", value: 0, unit: "byte", low: 0, high: 0, verdict: "pass" },
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
    back: true,
  },
  briefing: { name: "briefing", programme: DEGREE, seconds: 150 },
  framing: { name: "framing", silhouette: SILHOUETTE, shots_left: 3, camera_fault: null, lost: false },
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
    earlier: false,
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
  lost_shot: { ...STEPS.framing, lost: true },
  refused: {
    ...STEPS.review,
    photo_id: null,
    measures: [],
    reasons: ["head_tilted", "too_dark"],
    shots_left: 1,
    earlier: true,
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
