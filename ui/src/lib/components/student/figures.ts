// What is drawn on the silhouette for each advice. Places count in half face widths from the face's centre, x to the right and y
// down as the student sees themself: the face's edge is at 1, its chin near 1.4, its eyes near -0.27.

import type { AdviceCode } from "../../backend/bindings";

/** How a figure moves; `grow` and `shrink` are the silhouette's own outline, coming or going. */
export type Motion = "left" | "right" | "up" | "down" | "grow" | "shrink" | "blink" | "swing";

export interface Figure {
  readonly lines: readonly string[];
  readonly motion: Motion;
}

const ARROW_LEFT = "M-1.35 0H-2.5M-2.1 -.42 -2.5 0 -2.1 .42";
const ARROW_RIGHT = "M1.35 0H2.5M2.1 -.42 2.5 0 2.1 .42";
const ARROW_UP = "M0 -1.6V-2.3M-.36 -1.95 0 -2.3 .36 -1.95";
const ARROW_DOWN = "M0 1.6V2.4M-.36 2.05 0 2.4 .36 2.05";
const TURN_LEFT = "M.8 -1.75C.3 -2.05 -.5 -2.05 -1 -1.65M-.98 -2.1 -1 -1.65 -.55 -1.66";
const TURN_RIGHT = "M-.8 -1.75C-.3 -2.05 .5 -2.05 1 -1.65M.98 -2.1 1 -1.65 .55 -1.66";
const EYES =
  "M-.72 -.27Q-.42 -.55 -.12 -.27Q-.42 .01 -.72 -.27zM.12 -.27Q.42 -.55 .72 -.27Q.42 .01 .12 -.27z";
const PUPILS =
  "M-.48 -.27a.06 .06 0 1 0 .12 0a.06 .06 0 1 0 -.12 0M.36 -.27a.06 .06 0 1 0 .12 0a.06 .06 0 1 0 -.12 0";
const LIPS = "M-.4 .72H.4";
const BROWS = "M-.75 -.62Q-.42 -.82 -.1 -.64M.75 -.62Q.42 -.82 .1 -.64";
const SWEEP = "M-.2 -1H-1.1M-.82 -1.25 -1.1 -1 -.82 -.75M.2 -1H1.1M.82 -1.25 1.1 -1 .82 -.75";
const CAP = "M-1.05 -.75C-1.05 -1.75 1.05 -1.75 1.05 -.75M-1.05 -.75H1.45";
const GLASSES =
  "M-.8 -.27a.34 .3 0 1 0 .68 0a.34 .3 0 1 0 -.68 0M.12 -.27a.34 .3 0 1 0 .68 0a.34 .3 0 1 0 -.68 0M-.12 -.3Q0 -.4 .12 -.3";
const MASK = "M-.8 .25Q0 .05 .8 .25V.85Q0 1.45 -.8 .85z";
const CROSS = "M-.28 .42 .28 .98M.28 .42 -.28 .98";
const LEVEL = "M-1.35 -.27H1.35M-1.35 -.27m0 -.22v.44M1.35 -.49v.44";
const SUN = "M-.3 -2.1a.3 .3 0 1 0 .6 0a.3 .3 0 1 0 -.6 0";
const RAYS =
  "M0 -1.65V-1.5M0 -2.7V-2.55M-.6 -2.1H-.45M.45 -2.1H.6M-.42 -2.52-.32 -2.42M.42 -2.52 .32 -2.42M-.42 -1.68-.32 -1.78M.42 -1.68 .32 -1.78";
const HALF = "M0 -1.37V1.37M.2 -1.2V1.2M.45 -1.1V1.1M.7 -.9V.9";
const PERSON_OUT =
  "M1.6 -.9a.5 .62 0 1 0 1 0a.5 .62 0 1 0 -1 0M1.35 .9C1.5 .2 2.7 .2 2.85 .9M1.55 -1.4 2.65 .7";
const STILL = "M-.22 -2.4V-1.75M.22 -2.4V-1.75";
const HERE = "M0 2.35V1.65M-.36 2 0 1.65 .36 2";

export const FIGURES: Readonly<Record<AdviceCode, Figure>> = {
  step_in: { lines: [HERE], motion: "up" },
  only_one: { lines: [PERSON_OUT], motion: "right" },
  closer: { lines: [], motion: "grow" },
  back: { lines: [], motion: "shrink" },
  move_left: { lines: [ARROW_LEFT], motion: "left" },
  move_right: { lines: [ARROW_RIGHT], motion: "right" },
  move_up: { lines: [ARROW_UP], motion: "up" },
  move_down: { lines: [ARROW_DOWN], motion: "down" },
  turn_left: { lines: [TURN_LEFT], motion: "left" },
  turn_right: { lines: [TURN_RIGHT], motion: "right" },
  chin_up: { lines: [HERE], motion: "up" },
  chin_down: { lines: [ARROW_DOWN], motion: "down" },
  level_head: { lines: [LEVEL], motion: "swing" },
  look_here: { lines: [EYES, PUPILS, ARROW_UP], motion: "up" },
  open_eyes: { lines: [EYES, PUPILS], motion: "blink" },
  close_mouth: { lines: [LIPS], motion: "blink" },
  hair_off_brows: { lines: [BROWS, SWEEP], motion: "blink" },
  take_off_cap: { lines: [CAP, ARROW_UP], motion: "up" },
  take_off_glasses: { lines: [GLASSES], motion: "blink" },
  uncover_face: { lines: [MASK, CROSS], motion: "blink" },
  more_light: { lines: [SUN, RAYS], motion: "blink" },
  less_light: { lines: [SUN], motion: "blink" },
  even_light: { lines: [HALF], motion: "blink" },
  hold_still: { lines: [STILL], motion: "blink" },
};
