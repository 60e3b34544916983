// A measure's value and its window in words.

import type { Language, MeasureName, MeasureView } from "../../backend/bindings";
import { figure } from "../../format";
import type { Key, Values } from "../../i18n";

interface Speaker {
  readonly view: { readonly language: Language };
  t(key: Key, values?: Values): string;
}

/** What belongs together on the screen, in this order. Failed measures of whatever group come first. */
export const GROUPS = {
  face: [
    "single_face_present",
    "eyes_open",
    "eye_blink",
    "eyes_visible",
    "gaze",
    "brows_visible",
    "mouth_closed",
    "jaw_open",
    "teeth_shown",
    "face_occlusion",
    "mouth_occlusion",
    "no_head_coverings",
    "glasses_glare",
    "ears_visible",
  ],
  pose: ["head_pose_yaw", "head_pose_pitch", "head_tilt", "head_pose_roll", "shoulders_level"],
  light: [
    "luminance",
    "luminance_mean",
    "luminance_variance",
    "under_exposure",
    "over_exposure",
    "dynamic_range",
    "illumination_uniformity",
    "cheek_ratio",
    "natural_colour",
    "sharpness",
    "screen_pattern",
  ],
  place: [
    "hair_top",
    "eye_line",
    "face_width",
    "eye_centre",
    "inter_eye_distance",
    "face_share",
    "frame_position",
    "head_size",
    "leftward_crop",
    "rightward_crop",
    "margin_above",
    "margin_below",
  ],
  background: [
    "background_colour",
    "background_uniformity",
    "backdrop_uniformity",
    "backdrop_shadow",
    "clothes_on_background",
    "clothes_on_backdrop",
  ],
  file: ["photo_width", "photo_height", "density", "file_size", "quality", "trailing_bytes"],
} as const satisfies Record<string, readonly MeasureName[]>;

type Grouped = (typeof GROUPS)[keyof typeof GROUPS][number];
/** A measure without a group fails the type check. */
const EVERY_MEASURE_HAS_A_GROUP: Exclude<MeasureName, Grouped> extends never ? true : never = true;

export interface MeasureGroup {
  readonly group: "failed" | keyof typeof GROUPS;
  readonly rows: readonly MeasureView[];
  /** How many of them hold. */
  readonly passed: number;
  /** How many must hold: those that a photo can be refused for. */
  readonly judged: number;
}

export function grouped(measures: readonly MeasureView[]): MeasureGroup[] {
  const failed = measures.filter(({ verdict }) => verdict === "fail");
  const rest = measures.filter(({ verdict }) => verdict !== "fail");
  const named = Object.entries(GROUPS).map(([group, names]) => ({
    group: group as keyof typeof GROUPS,
    rows: rest.filter(({ measure }) => (names as readonly MeasureName[]).includes(measure)),
  }));
  return [{ group: "failed" as const, rows: EVERY_MEASURE_HAS_A_GROUP ? failed : [] }, ...named]
    .filter(({ rows }) => rows.length > 0)
    .map(({ group, rows }) => ({
      group,
      rows,
      passed: rows.filter(({ verdict }) => verdict === "pass").length,
      judged: rows.filter(({ verdict }) => verdict === "pass" || verdict === "fail").length,
    }));
}

/** How a unit of the booth is shown: by a word of the dictionary or a sign, and scaled where that reads better. */
interface Unit {
  readonly word?: Key;
  readonly sign?: string;
  readonly scale: number;
}

const BYTES_A_KB = 1024;

export function valueText(measure: MeasureView, speaker: Speaker): string {
  if (measure.verdict === "not_assessed") return speaker.t("verdict.not_assessed");
  const { word, sign = "", scale } = unitOf(measure);
  const value = figure(measure.value * scale, speaker.view.language);
  return `${value} ${word ? speaker.t(word) : sign}`.trim();
}

/** Empty for a measure without a window. */
export function windowText(measure: MeasureView, speaker: Speaker): string {
  const { scale } = unitOf(measure);
  const text = (end: number | null) => (end === null ? null : figure(end * scale, speaker.view.language));
  const [low, high] = [text(measure.low), text(measure.high)];
  if (low !== null && low === high) return speaker.t("window.exactly", { low });
  if (low !== null && high !== null) return speaker.t("window.between", { low, high });
  if (low !== null) return speaker.t("window.at_least", { low });
  if (high !== null) return speaker.t("window.at_most", { high });
  return "";
}

function unitOf({ unit, value }: MeasureView): Unit {
  switch (unit) {
    case "px":
      return { word: "unit.px", scale: 1 };
    case "deg":
      return { word: "unit.degrees", scale: 1 };
    case "byte":
      return value < BYTES_A_KB ? { word: "unit.byte", scale: 1 } : { sign: "KB", scale: 1 / BYTES_A_KB };
    case "delta_e":
      return { sign: "ΔE", scale: 1 };
    case "delta_ab":
      return { sign: "Δab", scale: 1 };
    case "bit":
      return { word: "unit.bit", scale: 1 };
    default:
      return { sign: unit, scale: 1 };
  }
}
