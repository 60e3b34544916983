// The handful of phases that the progress line shows. Screens are finer: several belong to one phase.

import type { Step } from "./backend/bindings";

export const PHASES = ["choose", "identify", "details", "order", "photo", "collect"] as const;

export type Phase = (typeof PHASES)[number];

/** The phase of a step. Ordering and paying after the photo don't set the line back. `null` where no line is shown. */
export function phaseOf(step: Step, before: Phase | null): Phase | null {
  switch (step.name) {
    case "welcome":
    case "account":
    case "staff_needed":
      return null;
    case "programme":
    case "guide":
      return "choose";
    case "identify":
      return step.errand === "photo" ? "identify" : null;
    case "log_in":
      return before === null ? null : "identify";
    case "register":
    case "consent":
      return "identify";
    case "details":
    case "code":
      return "details";
    case "order":
    case "pay":
      return before === "photo" ? "photo" : "order";
    case "printing":
    case "done":
      return "collect";
    default:
      return "photo";
  }
}
