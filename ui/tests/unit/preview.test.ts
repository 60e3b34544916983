// The preview's loop: newest frame, nothing leaked, never dead.

import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { FigureKeeper } from "../../src/lib/preview/figures";
import { parseFrame } from "../../src/lib/preview/frame";
import { startPreview, type PreviewState } from "../../src/lib/preview/preview";
import { parseOutline } from "../../src/lib/preview/outline";
import { frameBytes, outlineBytes } from "./stage";

const FRAME_MS = 33;
const EMPTY_MS = 1000;

interface Rig {
  readonly asked: number[];
  readonly states: PreviewState[];
  drawn: number;
  open: number;
  stop: () => void;
}

/** Runs the loop over answers given in turn; the last one repeats. An answer takes its own time. */
function rig(...answers: (() => Promise<ArrayBuffer>)[]): Rig {
  const rig: Rig = { asked: [], states: [], drawn: 0, open: 0, stop: () => {} };
  vi.stubGlobal("createImageBitmap", async (jpeg: Blob) => {
    if (jpeg.size === 1) throw new DOMException("not a picture");
    rig.open += 1;
    return { width: 4, height: 3, close: () => (rig.open -= 1) };
  });
  rig.stop = startPreview({
    pull: (after) => {
      rig.asked.push(after);
      return (answers.length > 1 ? answers.shift()! : answers[0])();
    },
    draw: () => (rig.drawn += 1),
    changed: (state) => rig.states.push(state),
  });
  onTestFinished(() => rig.stop());
  return rig;
}

const after_ms = <Value>(ms: number, value: () => Value) =>
  new Promise<Value>((resolve) => setTimeout(() => resolve(value()), ms));

let sequence = 0;
const frame = () => after_ms(FRAME_MS, () => frameBytes((sequence += 2), Date.now() - 20));
const empty = () => after_ms(EMPTY_MS, () => new ArrayBuffer(0));
const corrupt = () => after_ms(FRAME_MS, () => frameBytes((sequence += 1), Date.now()).slice(0, 17));
const failure = () => Promise.reject(new Error("the shell refused"));

beforeEach(() => {
  sequence = 0;
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the loop", () => {
  test("asks for what is newer than it has, one frame at a time, and closes each picture", async () => {
    const run = rig(frame);
    await vi.advanceTimersByTimeAsync(FRAME_MS * 10 + 1);
    expect(run.asked.slice(0, 4)).toEqual([0, 2, 4, 6]);
    expect(run.drawn).toBe(10);
    expect(run.open, "no picture is left open").toBe(0);
    expect(run.states).toEqual(["live"]);
  });

  test("draws and reports nothing after it was stopped, even a frame under way", async () => {
    const run = rig(frame);
    await vi.advanceTimersByTimeAsync(FRAME_MS * 2 + 10);
    run.stop();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(run.drawn).toBe(2);
    expect(run.open).toBe(0);
    expect(run.states).toEqual(["live"]);
    expect(run.asked).toHaveLength(3);
  });

  test("a refused request is a fault, asked again ever more slowly, and forgotten with the next frame", async () => {
    const run = rig(failure);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(run.states).toEqual(["fault"]);
    // 0.1 + 0.2 + 0.4 + 0.8 + 1.6 s, then every 2 s: nine requests in ten seconds.
    expect(run.asked.length).toBe(9);
    run.stop();

    const better = rig(failure, frame);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(better.states).toEqual(["fault", "live"]);
  });

  test("a frame that is no picture is passed over", async () => {
    const run = rig(frame, corrupt, frame);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(run.states).toEqual(["live", "fault", "live"]);
    expect(run.drawn).toBeGreaterThan(10);
    expect(run.open).toBe(0);
  });

  test("seconds without a frame are a fault; one empty answer is not", async () => {
    const run = rig(frame, empty, frame);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(run.states).toEqual(["live"]);
    const dead = rig(frame, empty);
    await vi.advanceTimersByTimeAsync(FRAME_MS + 3 * EMPTY_MS + 10);
    expect(dead.states).toEqual(["live", "fault"]);
  });

  test("an empty answer that comes at once doesn't spin the loop", async () => {
    const run = rig(async () => new ArrayBuffer(0));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(run.asked.length).toBeLessThan(12);
  });

  test("publishes its figures", async () => {
    rig(frame);
    await vi.advanceTimersByTimeAsync(FRAME_MS * 31);
    expect(window.__preview).toMatchObject({ frames: 31, lag_p50_ms: 20, lag_p95_ms: 20 });
    expect(window.__preview!.fps).toBeCloseTo(1000 / FRAME_MS, 1);
  });
});

test("a frame's header is little-endian, and its body the JPEG", async () => {
  const parsed = parseFrame(frameBytes(0x0102030405, 1_790_000_000_123));
  expect(parsed).toMatchObject({ sequence: 0x0102030405, capturedAt: 1_790_000_000_123 });
  expect(parsed!.jpeg.size).toBe(4);
  expect(parseFrame(new ArrayBuffer(16)), "a header alone is no frame").toBeNull();
});

test("an outline belongs to its frame, and has a byte for each place", () => {
  expect(parseOutline(outlineBytes(7, 4, 3), 7)).toMatchObject({ width: 4, height: 3 });
  expect(parseOutline(outlineBytes(7, 4, 3), 8), "of another frame").toBeNull();
  expect(parseOutline(outlineBytes(7, 4, 3).slice(0, 27), 7), "cut short").toBeNull();
  expect(parseOutline(new ArrayBuffer(0), 7)).toBeNull();
});

test("the background comes with its own frame, and a frame without an outline is drawn plain", async () => {
  const drawn: (number | null)[] = [];
  const outlines = [outlineBytes(2, 2, 2), outlineBytes(2, 2, 2)];
  const stop = startPreview({
    pull: frame,
    outline: (asked) =>
      asked === 6 ? Promise.reject(new Error("gone")) : Promise.resolve(outlines.shift()!),
    draw: (_, outline) => drawn.push(outline?.width ?? null),
    changed: () => {},
  });
  onTestFinished(stop);
  await vi.advanceTimersByTimeAsync(FRAME_MS * 3 + 1);
  expect(drawn, "its own, another frame's, none").toEqual([2, null, null]);
});

test("figures: nearest-rank quantiles of the lag, rate over the frames kept", () => {
  const keeper = new FigureKeeper();
  expect(keeper.figures()).toEqual({ frames: 0, fps: 0, lag_p50_ms: 0, lag_p95_ms: 0 });
  for (let at = 1; at <= 20; at++) keeper.drawn(at * 100 - at, at * 100);
  expect(keeper.figures()).toEqual({ frames: 20, fps: 10, lag_p50_ms: 10, lag_p95_ms: 19 });
});
