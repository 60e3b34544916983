// The booth that component tests and development pages talk to: it shows what it is told to, and remembers what it was sent.

import type { Answer, AreasAnswer, Backend } from "./backend";
import type { ErrorCode, Language, Step, StudentEvent, View } from "./bindings";
import { areasIn } from "./fake-areas";
import { drawnPictures, type Pictures } from "./fake-pictures";

export class FakeBackend implements Backend {
  /** Every event sent, `touch` included, in order. */
  readonly sent: StudentEvent[] = [];
  readonly pins: string[] = [];
  /** What staff decided about the photo, in order. */
  readonly reviews: { readonly pin: string; readonly approved: boolean }[] = [];
  /** What an event leads to; by default it changes nothing but what the event itself says: the language, and whether staff are called. */
  respond: (event: StudentEvent, view: View) => Partial<View> = saidByItself;

  /** Where preview frames and photos come from. */
  pictures: Pictures;

  #view: View;
  #refusal: ErrorCode | null = null;
  #gate: Promise<void> = Promise.resolve();
  #listeners = new Set<(view: View) => void>();

  constructor(view: View, pictures: Pictures = drawnPictures) {
    this.#view = view;
    this.pictures = pictures;
  }

  /** Changes the view as the booth does by itself, and tells the window. */
  show(change: Partial<View>): void {
    this.#change(change);
    this.#listeners.forEach((changed) => changed(this.#view));
  }

  showStep(step: Step): void {
    this.show({ step });
  }

  /** Refuses the next event that is not a touch. */
  refuse(code: ErrorCode): void {
    this.#refusal = code;
  }

  /** Holds every answer back until the returned function is called. */
  hold(): () => void {
    let release = () => {};
    this.#gate = new Promise((resolve) => (release = resolve));
    return release;
  }

  async view(): Promise<View> {
    return this.#view;
  }

  async onView(changed: (view: View) => void): Promise<() => void> {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  async send(event: StudentEvent): Promise<Answer> {
    this.sent.push(event);
    return this.#answer(this.respond(event, this.#view), event.type !== "touch");
  }

  async confirmCounterPayment(pin: string): Promise<Answer> {
    this.pins.push(pin);
    return this.#answer({}, true);
  }

  previewFrame(after: number): Promise<ArrayBuffer> {
    return this.pictures.frame(after);
  }

  previewOutline(sequence: number): Promise<ArrayBuffer> {
    return this.pictures.outline(sequence);
  }

  photoImage(): Promise<ArrayBuffer> {
    return this.pictures.portrait();
  }

  originalImage(): Promise<ArrayBuffer> {
    return this.pictures.original();
  }

  codePicture(): Promise<ArrayBuffer> {
    return this.pictures.code();
  }

  stickPicture(): Promise<ArrayBuffer> {
    return this.#view.step.name === "import" ? this.pictures.portrait() : this.pictures.code();
  }

  async areas(parent: string | null): Promise<AreasAnswer> {
    return { status: "ok", data: areasIn(parent) };
  }

  async reviewPhoto(pin: string, approved: boolean): Promise<Answer> {
    this.reviews.push({ pin, approved });
    return this.#answer({}, true);
  }

  async #answer(change: Partial<View>, refusable: boolean): Promise<Answer> {
    await this.#gate;
    const code = refusable ? this.#refusal : null;
    if (refusable) this.#refusal = null;
    if (code) return { status: "error", error: { code, message: `refused: ${code}` } };
    this.#change(change);
    return { status: "ok", data: this.#view };
  }

  #change(change: Partial<View>): void {
    this.#view = { ...this.#view, ...change, revision: this.#view.revision + 1 };
  }
}

function saidByItself(event: StudentEvent): { language?: Language; called?: boolean } {
  if (event.type === "call_staff") return { called: event.called };
  return event.type === "set_language" || event.type === "start" ? { language: event.language } : {};
}
