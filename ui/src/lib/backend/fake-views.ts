// A view of every step, with invented programmes and texts of the length that real ones have.

import type { StepName, StepOf } from "./backend";
import { SERVICE_STEPS, SERVICE_VARIANTS } from "./fake-views-service";
import { ENTRY_STEPS, ENTRY_VARIANTS, looksAtSomething } from "./fake-views-entry";
import { DEGREE, FRESHMAN, GENERAL } from "./fake-programmes";
import type { ConsentView, Language, MeasureView, Silhouette, Step, View } from "./bindings";

export { DEGREE, FRESHMAN, GENERAL };

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

/** A measure that passed. */
function passed(
  measure: MeasureView["measure"],
  standard: string,
  value: number,
  unit: string,
  low: number | null,
  high: number | null,
): MeasureView {
  return { measure, standard, score: 90, value, unit, low, high, verdict: "pass" };
}

const MEASURES: MeasureView[] = [
  passed("single_face_present", "SingleFacePresent", 1, "", 0, 1),
  passed("inter_eye_distance", "InterEyeDistance", 112.4, "px", 45, null),
  passed("face_share", "faceShare", 0.31, "", 0.2, 0.5),
  passed("frame_position", "framePosition", 0.01, "", -0.15, 0.15),
  passed("head_pose_yaw", "HeadPose.Yaw", 1.8, "deg", -8, 8),
  passed("head_pose_pitch", "HeadPose.Pitch", -2.6, "deg", -8, 8),
  passed("head_tilt", "headTilt", 0.6, "deg", -5, 5),
  passed("head_pose_roll", "HeadPose.Roll", 0.31, "deg", -1, 1),
  passed("eyes_open", "EyesOpen", 0.081, "", 0.05, null),
  passed("eye_blink", "eyeBlink", 0.06, "", null, 0.5),
  passed("eyes_visible", "EyesVisible", 0.42, "", 0.15, null),
  passed("gaze", "gaze", 0.02, "", -0.12, 0.12),
  passed("brows_visible", "browsVisible", 0.94, "", 0.4, null),
  passed("mouth_closed", "MouthClosed", 0.01, "", null, 0.06),
  passed("jaw_open", "jawOpen", 0.02, "", null, 0.2),
  passed("teeth_shown", "teethShown", 0, "", null, 0.1),
  passed("face_occlusion", "FaceOcclusionPrevention", 4.2, "delta_ab", null, 18),
  passed("mouth_occlusion", "MouthOcclusionPrevention", 5.1, "delta_ab", null, 20),
  passed("no_head_coverings", "NoHeadCoverings", 0.01, "", null, 0.2),
  passed("glasses_glare", "glassesGlare", 0, "", null, 0.02),
  passed("luminance", "luminance", 0.47, "", 0.2, 1),
  passed("luminance_mean", "LuminanceMean", 0.58, "", 0.2, 0.8),
  passed("luminance_variance", "LuminanceVariance", 0.012, "", null, null),
  passed("under_exposure", "UnderExposurePrevention", 0, "", null, 0.2),
  passed("over_exposure", "OverExposurePrevention", 0, "", null, 0.2),
  passed("dynamic_range", "DynamicRange", 6.9, "bit", 5, null),
  passed("illumination_uniformity", "IlluminationUniformity", 0.86, "", 0.3, null),
  passed("cheek_ratio", "cheekRatio", 1.08, "", null, 1.8),
  passed("natural_colour", "NaturalColour", 0, "delta_ab", null, 12),
  passed("sharpness", "Sharpness", 0.52, "", 0.2, null),
  passed("backdrop_uniformity", "BackgroundUniformity", 3.1, "", null, 20),
  passed("backdrop_shadow", "backdropShadow", 0.04, "", null, 0.4),
  passed("clothes_on_background", "clothesOnBackground", 0, "", null, 0.5),
  passed("clothes_on_backdrop", "clothesOnBackdrop", 0.02, "", null, 0.6),
  passed("shoulders_level", "shouldersLevel", 1.1, "deg", -8, 8),
  passed("hair_top", "hairTop", 82.3, "px", 50, 110),
  passed("eye_line", "eyeLine", 251.1, "px", 200, 300),
  passed("face_width", "faceWidth", 236.7, "px", 180, 300),
  passed("eye_centre", "eyeCentre", -1.2, "px", -6, 6),
  passed("head_size", "HeadSize", 0.31, "", 0.25, 0.4),
  passed("leftward_crop", "LeftwardCropOfTheFaceImage", 2.1, "", 1.5, null),
  passed("rightward_crop", "RightwardCropOfTheFaceImage", 2.1, "", 1.5, null),
  passed("margin_above", "MarginAboveOfTheFaceImage", 1.24, "", 1, null),
  passed("margin_below", "MarginBelowOfTheFaceImage", 1.9, "", 1.5, null),
  passed("background_colour", "deliveredBackgroundColour", 0.12, "delta_e", null, 1),
  passed("photo_width", "photoWidth", 480, "px", 480, 480),
  passed("photo_height", "photoHeight", 640, "px", 640, 640),
  passed("density", "density", 300, "dpi", 300, 300),
  passed("file_size", "fileSize", 36678, "byte", 30720, 40960),
  passed("quality", "quality", 91, "", 60, null),
  passed("trailing_bytes", "trailingBytes", 0, "byte", 0, 0),
  { ...passed("ears_visible", "earsVisible", 0.2, "", 0.4, null), verdict: "warn" },
  {
    ...passed("background_uniformity", "deliveredBackgroundUniformity", 0, "delta_e", null, null),
    score: null,
    verdict: "not_assessed",
  },
];

/** What a shot in side light, with the head tilted, has. */
const FAILING: Partial<Record<MeasureView["measure"], number>> = { cheek_ratio: 2.41, head_tilt: 7.3 };

type Steps = { readonly [Name in StepName]: StepOf<Name> };

export const STEPS: Steps = {
  ...SERVICE_STEPS,
  consent: { name: "consent", programme: DEGREE, documents: CONSENTS },
  ...ENTRY_STEPS,
  briefing: {
    name: "briefing",
    programme: DEGREE,
    seconds: 150,
    import: false,
    rejected: false,
    reason: null,
  },
  framing: {
    name: "framing",
    silhouette: SILHOUETTE,
    shots_left: 3,
    camera_fault: null,
    lost: false,
    coaching: { state: "advice", advice: "closer" },
    auto_shutter: true,
    given_up: null,
    background: { shown: false, colour: [100, 197, 255] },
    import: false,
  },
  countdown: {
    name: "countdown",
    silhouette: SILHOUETTE,
    seconds_left: 3,
    coaching: { state: "ready" },
    automatic: true,
    background: { shown: false, colour: [100, 197, 255] },
  },
  processing: { name: "processing" },
  review: {
    name: "review",
    photo_id: "018f6f6e-0000-7000-8000-000000000001",
    choices: [
      "018f6f6e-0000-7000-8000-000000000001",
      "018f6f6e-0000-7000-8000-000000000002",
      "018f6f6e-0000-7000-8000-000000000003",
    ],
    making: false,
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
  staff_needed: { name: "staff_needed", order_number: "B7-0421-3", reasons: ["no_crop_fits"] },
};

/** Steps in the states that need other words. */
export const VARIANTS = {
  ...ENTRY_VARIANTS,
  ...SERVICE_VARIANTS,
  briefing_rejected: {
    ...STEPS.briefing,
    rejected: true,
    reason: "头发遮住了眉毛，请把刘海梳开，露出眉毛和双耳。",
  },
  briefing_stick: { ...STEPS.briefing, import: true },
  framing_stick: { ...STEPS.framing, import: true },
  awaiting_approval: {
    ...STEPS.printing,
    jobs: [
      { kind: "sheet", state: "held", fault: "awaiting_approval" },
      { kind: "receipt", state: "done", fault: null },
    ],
  },
  camera_fault: { ...STEPS.framing, camera_fault: "camera_unplugged" },
  given_up: {
    ...STEPS.framing,
    coaching: { state: "advice", advice: "take_off_glasses" },
    given_up: "take_off_glasses",
  },
  perfect: {
    ...STEPS.framing,
    coaching: { state: "ready" },
    background: { shown: true, colour: [100, 197, 255] },
  },
  by_hand: { ...STEPS.framing, coaching: { state: "holding" }, auto_shutter: false },
  one_photo: { ...STEPS.review, choices: [STEPS.review.photo_id ?? ""], making: true },
  failed_measures: {
    ...STEPS.review,
    photo_id: null,
    choices: [],
    reasons: ["uneven_light", "head_tilted"],
    measures: MEASURES.map((one) => {
      const value = FAILING[one.measure];
      return value === undefined ? one : { ...one, value, score: 20, verdict: "fail" as const };
    }),
  },
  lost_shot: { ...STEPS.framing, lost: true },
  refused: {
    ...STEPS.review,
    photo_id: null,
    choices: [],
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

/** Whether a step shows the camera's picture. */
export function showsCamera(step: Step): boolean {
  return step.name === "framing" || step.name === "countdown" || looksAtSomething(step);
}

export function fakeView(step: Step, language: Language, change: Partial<View> = {}): View {
  return {
    revision: 1,
    language,
    strip: [
      { code: "simulated_camera", fault: null },
      { code: "folder_printer", fault: null },
      { code: "no_central", fault: null },
    ],
    contact: {
      zh: "学生事务中心 101 室，电话 010-5550 0101",
      en: "Student office, room 101, phone 010-5550 0101",
    },
    called: false,
    refused: null,
    time_left_s: 120,
    step,
    ...change,
  };
}
