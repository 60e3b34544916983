// What the window needs of the booth. Two implementations: the shell (tauri.ts) and the one of tests (fake.ts).

import type { AreaView, Step, StudentEvent, UiError, View } from "./bindings";

export type Answer = { status: "ok"; data: View } | { status: "error"; error: UiError };

/** The areas inside another, or why they can't be had. */
export type AreasAnswer = { status: "ok"; data: AreaView[] } | { status: "error"; error: UiError };

export type StepName = Step["name"];

/** The step of one name, with the fields that only it has. */
export type StepOf<Name extends StepName> = Extract<Step, { name: Name }>;

export interface Backend {
  view(): Promise<View>;
  /** Calls back at each change until the returned function is called. */
  onView(changed: (view: View) => void): Promise<() => void>;
  send(event: StudentEvent): Promise<Answer>;
  confirmCounterPayment(pin: string): Promise<Answer>;
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
  /** The picture of the collection code that was read, a JPEG. */
  codePicture(): Promise<ArrayBuffer>;
  /** A small picture of a picture on the USB stick, a JPEG. */
  stickPicture(pictureId: string): Promise<ArrayBuffer>;
  /** The areas inside `parent`, a province's or a city's code; the provinces where there is none. */
  areas(parent: string | null): Promise<AreasAnswer>;
  /** Staff looked at the photo on the screen, and approve or reject it. */
  reviewPhoto(pin: string, approved: boolean): Promise<Answer>;
}
