// A measure's value and its window in words.

import type { Language, MeasureView } from "../../backend/bindings";
import { figure } from "../../format";
import type { Key, Values } from "../../i18n";

interface Speaker {
  readonly view: { readonly language: Language };
  t(key: Key, values?: Values): string;
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
    default:
      return { sign: unit, scale: 1 };
  }
}
