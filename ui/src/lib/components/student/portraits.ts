// What is drawn over a portrait for each way of being wrong. Places count as in figures.ts: in half face widths from the face's centre,
// x to the right and y down; the face's edge is at 1, its chin near 1.37, its eyes near -0.2.

import { FIGURES } from "./figures";

export const WRONG_PORTRAITS = [
  "eyes_closed",
  "tilted",
  "turned",
  "hair",
  "glare",
  "hat",
  "teeth",
  "dark_side",
  "white_clothes",
  "too_far",
] as const;

export type WrongPortrait = (typeof WRONG_PORTRAITS)[number];

/** How the whole figure stands. */
export const STANCE: Readonly<Partial<Record<WrongPortrait, string>>> = {
  tilted: "rotate(16)",
  too_far: "translate(0 .9) scale(.5)",
};

/** Glasses and where they lie: as the coach draws them. */
export const GLASSES = FIGURES.take_off_glasses.lines[0];

/** The colour of the clothes. */
export function clothes(wrong: WrongPortrait | null): string {
  return wrong === "white_clothes" ? "#f4fbff" : "#1d3653";
}
