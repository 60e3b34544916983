// Where the camera's frame lies on the stage, and the silhouette on the frame. All lengths are fractions.

import type { Silhouette } from "../backend/bindings";

/** A rectangle in fractions of the stage; it may reach beyond it. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Room around the photo's crop that stays on the stage, as a share of the stage. */
const CROP_SHARE = 0.94;

/**
 * The mirrored frame's place on a stage of `stageAspect` (width / height): it covers the stage, about the middle of the
 * crop, as long as the whole crop stays on the stage; else it is as large as shows the whole crop.
 */
export function placeFrame(silhouette: Silhouette, stageAspect: number): Box {
  const { crop, frame_aspect } = silhouette;
  const covering = Math.max(1, frame_aspect / stageAspect);
  const whole = Math.min(CROP_SHARE / crop.w, (CROP_SHARE / crop.h) * (frame_aspect / stageAspect));
  const width = Math.min(covering, Math.max(whole, Math.min(1, frame_aspect / stageAspect)));
  const height = (width * stageAspect) / frame_aspect;
  return {
    width,
    height,
    left: along(1 - (crop.x + crop.w / 2), width),
    top: along(crop.y + crop.h / 2, height),
  };
}

/** Offset of a length that has its point `centre` in the stage's middle, as far as no edge comes inside the stage. */
function along(centre: number, length: number): number {
  if (length <= 1) return (1 - length) / 2;
  return Math.min(0, Math.max(1 - length, 0.5 - centre * length));
}
