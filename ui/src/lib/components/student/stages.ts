// The stages of the way ahead, in the order of a programme.

import type { ProgrammeView } from "../../backend/bindings";

export type Stage = "identify" | "code" | "pay" | "photo" | "prints";

/** Paying comes before or after the photo, or not at all; a code and prints only where there are any. */
export function stagesOf(programme: ProgrammeView): Stage[] {
  const { pay_when, collection_code, max_sheets } = programme;
  return [
    "identify",
    ...(collection_code ? (["code"] as const) : []),
    ...(pay_when === "before_shooting" ? (["pay"] as const) : []),
    "photo",
    ...(pay_when === "after_shooting" ? (["pay"] as const) : []),
    ...(max_sheets > 0 ? (["prints"] as const) : []),
  ];
}
