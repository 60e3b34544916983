// Where the frame lies on the stage.

import { expect, test } from "vitest";
import type { Silhouette } from "../../src/lib/backend/bindings";
import { placeFrame } from "../../src/lib/preview/placement";

const NEAR = 1e-9;

function silhouette(frame_aspect: number, crop: Silhouette["crop"]): Silhouette {
  return { frame_aspect, crop, face: { cx: 0.5, cy: 0.45, rx: 0.1, ry: 0.2 }, hair_top_y: 0.2, eye_y: 0.4 };
}

const cases = [16 / 9, 4 / 3, 3 / 4].flatMap((frame) =>
  [0.4, 0.75, 1, 1.4, 2.2].flatMap((stage) =>
    [
      { x: 0.3, y: 0.05, w: 0.4, h: 0.9 },
      { x: 0.05, y: 0.3, w: 0.3, h: 0.5 },
      { x: 0, y: 0, w: 1, h: 1 },
    ].map((crop) => ({ frame, stage, crop })),
  ),
);

test.each(cases)(
  "frame $frame on stage $stage: the whole crop is on the stage, undistorted",
  ({ frame, stage, crop }) => {
    const box = placeFrame(silhouette(frame, crop), stage);
    expect((box.width * stage) / box.height, "the frame keeps its aspect").toBeCloseTo(frame, 9);
    const left = box.left + (1 - crop.x - crop.w) * box.width;
    const top = box.top + crop.y * box.height;
    expect(left).toBeGreaterThanOrEqual(-NEAR);
    expect(top).toBeGreaterThanOrEqual(-NEAR);
    expect(left + crop.w * box.width).toBeLessThanOrEqual(1 + NEAR);
    expect(top + crop.h * box.height).toBeLessThanOrEqual(1 + NEAR);
  },
);

test("a wide frame covers an upright stage, the crop in its middle", () => {
  const box = placeFrame(silhouette(16 / 9, { x: 0.35, y: 0.1, w: 0.3, h: 0.8 }), 0.8);
  expect(box.height).toBeCloseTo(1, 9);
  expect(box.width).toBeGreaterThan(2);
  expect(box.left + 0.5 * box.width).toBeCloseTo(0.5, 9);
});

test("a crop off the middle is followed to its mirrored side, but no edge comes inside the stage", () => {
  const box = placeFrame(silhouette(16 / 9, { x: 0, y: 0.1, w: 0.2, h: 0.8 }), 1);
  expect(box.left + box.width, "the crop at the frame's left is at the mirror's right").toBeCloseTo(1, 9);
});
