// Puts a screen on a page over the fake booth, and presses what is on it.

import { render, screen } from "@testing-library/svelte";
import { tick } from "svelte";
import { onTestFinished } from "vitest";
import Booth from "../../src/Booth.svelte";
import type { Language, Step, StudentEvent, View } from "../../src/lib/backend/bindings";
import { FakeBackend } from "../../src/lib/backend/fake";
import { fakeView } from "../../src/lib/backend/fake-views";
import { Session } from "../../src/lib/session.svelte";

export const LANGUAGES: readonly Language[] = ["zh", "en"];

export interface Stage {
  readonly fake: FakeBackend;
  readonly session: Session;
  /** What was sent, but for touches. */
  sent(): StudentEvent[];
}

export async function stage(
  step: Step,
  language: Language = "zh",
  change: Partial<View> = {},
): Promise<Stage> {
  const fake = new FakeBackend(fakeView(step, language, change), {
    frame: nextFrame,
    outline: async (sequence) => outlineBytes(sequence, 2, 2),
    portrait: async () => new ArrayBuffer(8),
    original: async () => new ArrayBuffer(8),
    code: async () => new ArrayBuffer(8),
  });
  const session = await Session.open(fake);
  onTestFinished(() => session.close());
  render(Booth, { session });
  await tick();
  return { fake, session, sent: () => fake.sent.filter((event) => event.type !== "touch") };
}

export function byId<Element extends HTMLElement = HTMLElement>(testid: string): Element {
  return screen.getByTestId<Element>(testid);
}

export function missing(testid: string): boolean {
  return screen.queryByTestId(testid) === null;
}

/** Presses and lets the answer come. */
export async function press(testid: string): Promise<void> {
  byId(testid).click();
  await settled();
}

/** Types as a physical keyboard does: the field's value changes and says so. */
export async function type(testid: string, text: string): Promise<void> {
  const field = byId<HTMLInputElement>(testid);
  field.focus();
  field.value = text;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  await settled();
}

/** Lets promises that are ready run, and the page follow. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  await tick();
}

/** A frame with a body that the stubbed decoder accepts, one every few ms. */
export async function nextFrame(after: number): Promise<ArrayBuffer> {
  await new Promise((resolve) => setTimeout(resolve, 5));
  return frameBytes(after + 1, Date.now());
}

export function frameBytes(sequence: number, capturedAt: number): ArrayBuffer {
  const bytes = new DataView(new ArrayBuffer(20));
  bytes.setBigUint64(0, BigInt(sequence), true);
  bytes.setBigUint64(8, BigInt(capturedAt), true);
  return bytes.buffer;
}

/** An outline all of which is the person. */
export function outlineBytes(sequence: number, width: number, height: number): ArrayBuffer {
  const bytes = new Uint8Array(16 + width * height).fill(255);
  const header = new DataView(bytes.buffer);
  header.setBigUint64(0, BigInt(sequence), true);
  header.setUint32(8, width, true);
  header.setUint32(12, height, true);
  return bytes.buffer;
}
