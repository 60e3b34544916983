// A measure's value and its window in words.

import type { Language, MeasureView } from "../../backend/bindings";
import { figure } from "../../format";
import type { Key, Values } from "../../i18n";

interface Speaker {
  readonly view: { readonly language: Language };
  t(key: Key, values?: Values): string;
}

/** Units that are words in one of the languages; any other is shown as the booth names it. */
const UNIT_WORDS: Readonly<Record<string, Key>> = { px: "unit.px", deg: "unit.degrees", "°": "unit.degrees" };

export function valueText(measure: MeasureView, speaker: Speaker): string {
  if (measure.verdict === "not_assessed") return speaker.t("verdict.not_assessed");
  const word = UNIT_WORDS[measure.unit];
  const unit = word ? speaker.t(word) : measure.unit;
  return `${figure(measure.value, speaker.view.language)} ${unit}`.trim();
}

/** Empty for a measure without a window. */
export function windowText({ low, high }: MeasureView, speaker: Speaker): string {
  const text = (value: number) => figure(value, speaker.view.language);
  if (low !== null && high !== null) return speaker.t("window.between", { low: text(low), high: text(high) });
  if (low !== null) return speaker.t("window.at_least", { low: text(low) });
  if (high !== null) return speaker.t("window.at_most", { high: text(high) });
  return "";
}
