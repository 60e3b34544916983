// What the window needs of the booth. Two implementations: the shell (tauri.ts) and the one of tests (fake.ts).

import type { Step, StudentEvent, UiError, View } from "./bindings";

export type Answer = { status: "ok"; data: View } | { status: "error"; error: UiError };

export type StepName = Step["name"];

/** The step of one name, with the fields that only it has. */
export type StepOf<Name extends StepName> = Extract<Step, { name: Name }>;

export interface Backend {
  view(): Promise<View>;
  /** Calls back at each change until the returned function is called. */
  onView(changed: (view: View) => void): Promise<() => void>;
  send(event: StudentEvent): Promise<Answer>;
  confirmCounterPayment(pin: string): Promise<Answer>;
  /** Rings for staff. A booth without a bell has none. */
  callStaff?(): Promise<Answer>;
  /**
   * The newest preview frame whose sequence is above `after`: 8 bytes sequence and 8 bytes capture time in ms since the
   * Unix epoch, both little-endian, then a JPEG. Empty when none came within a second.
   */
  previewFrame(after: number): Promise<ArrayBuffer>;
  /**
   * Where the person is on the preview frame with this sequence: 8 bytes sequence, 4 bytes width and 4 bytes height, little-endian,
   * then a byte of alpha a place. Empty when the frame has gone.
   */
  previewOutline(sequence: number): Promise<ArrayBuffer>;
  /** The delivered photo, a JPEG. */
  photoImage(photoId: string): Promise<ArrayBuffer>;
  /** The shot that it was made from, a JPEG. */
  originalImage(photoId: string): Promise<ArrayBuffer>;
}
