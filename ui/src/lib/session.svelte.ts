// The student's session as the window sees it: the newest view, the event under way, the last refusal.
// It decides nothing: it sends events and shows the state that comes back.

import { createContext } from "svelte";
import type { Answer, Backend, StepOf } from "./backend/backend";
import type { ErrorCode, Language, StudentEvent, Text, View } from "./backend/bindings";
import { Clock, secondsLeft } from "./clock.svelte";
import { Display } from "./display.svelte";
import { translate, type Key, type Values } from "./i18n";
import { phaseOf, type Phase } from "./phase";

/** From how many seconds on the screen says that it will close. */
const WARN_BELOW_S = 30;

export class Session {
  readonly backend: Backend;
  readonly clock = new Clock();
  /** How the student wants the window shown. */
  readonly display = new Display();
  view: View;
  /** Whether an event is under way; every button waits for its answer. */
  pending = $state(false);
  /** Why the last event was refused. */
  failure = $state.raw<ErrorCode | null>(null);
  phase: Phase | null;
  /** Whether the help is open. */
  helping = $state(false);

  #shownSince = $state(0);
  #stop: () => void = () => {};

  private constructor(backend: Backend, view: View) {
    this.backend = backend;
    this.view = $state.raw(view);
    this.phase = $state.raw(phaseOf(view.step, null));
    this.#shownSince = performance.now();
  }

  /** Asks for the view, then follows its changes until `close`. */
  static async open(backend: Backend): Promise<Session> {
    const early: View[] = [];
    let take = (view: View): void => void early.push(view);
    const unlisten = await backend.onView((view) => take(view));
    const session = new Session(backend, await backend.view());
    take = (view) => session.#take(view);
    early.forEach(take);
    const stopClock = session.clock.run();
    session.#stop = () => {
      stopClock();
      unlisten();
    };
    return session;
  }

  close(): void {
    this.#stop();
  }

  /** Sends an event; while one is under way a second press does nothing. */
  async send(event: StudentEvent): Promise<void> {
    await this.#exchange(() => this.backend.send(event));
  }

  async confirmPayment(pin: string): Promise<void> {
    await this.#exchange(() => this.backend.confirmCounterPayment(pin));
  }

  /** Staff looked at the photo on the screen. */
  async reviewPhoto(pin: string, approved: boolean): Promise<void> {
    await this.#exchange(() => this.backend.reviewPhoto(pin, approved));
  }

  /** Tells the booth that somebody is there. A refusal means that the session has just ended, which its view says. */
  async touch(): Promise<void> {
    if (this.view.step.name === "welcome") return;
    const answer = await this.#asked(() => this.backend.send({ type: "touch" }));
    if (answer.status === "ok") this.#take(answer.data);
    else if (answer.error.code !== "not_now") this.failure = answer.error.code;
  }

  openHelp(): void {
    this.helping = true;
  }

  closeHelp(): void {
    this.helping = false;
  }

  /** Whether the student has called staff. */
  get staffCalled(): boolean {
    return this.view.called;
  }

  callStaff(): Promise<void> {
    return this.send({ type: "call_staff", called: true });
  }

  /** Where to ask on this campus, if the site's settings say. */
  get contact(): Text | null {
    const { contact } = this.view;
    return this.text(contact).trim() === "" ? null : contact;
  }

  dismissFailure(): void {
    this.failure = null;
  }

  /** The text of a key in the session's language. */
  t = (key: Key, values?: Values): string => translate(this.view.language, key, values);

  /** A text of the programme file in the session's language. */
  text = (text: Text): string => text[this.view.language];

  /** The language that the session is not in. */
  get otherLanguage(): Language {
    return this.view.language === "zh" ? "en" : "zh";
  }

  /** A number of seconds that came with the view, ticked down to now. */
  ticking(given: number): number {
    return secondsLeft(given, this.#shownSince, this.clock.now);
  }

  /** Seconds until the booth ends the session, once they are few. */
  get closingIn(): number | null {
    if (this.view.time_left_s === null) return null;
    const left = this.ticking(this.view.time_left_s);
    return left < WARN_BELOW_S ? left : null;
  }

  async #exchange(ask: () => Promise<Answer>): Promise<void> {
    if (this.pending) return;
    this.pending = true;
    this.failure = null;
    const answer = await this.#asked(ask);
    if (answer.status === "ok") this.#take(answer.data);
    else this.failure = answer.error.code;
    this.pending = false;
  }

  /** An exchange that broke down altogether reads as an internal error. */
  async #asked(ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await ask();
    } catch (reason) {
      return { status: "error", error: { code: "internal", message: String(reason) } };
    }
  }

  /** Views arrive both as answers and as events, so an older one may come last: it is passed over. */
  #take(view: View): void {
    if (view.revision < this.view.revision) return;
    if (view.step.name !== this.view.step.name) this.#leaveStep(view.step.name);
    if (view.refused && view.refused !== this.view.refused) this.failure = view.refused;
    this.phase = phaseOf(view.step, this.phase);
    this.view = view;
    this.#shownSince = performance.now();
  }

  /** What was said at one step is not left for the next one; what one student chose is not left for the next student. */
  #leaveStep(next: View["step"]["name"]): void {
    this.failure = null;
    this.helping = false;
    if (next !== "welcome") return;
    this.display.reset();
  }
}

export type { StepOf };

/** The session of the component tree. */
export const [useSession, provideSession] = createContext<Session>();
