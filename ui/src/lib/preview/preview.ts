// Pulls the newest camera frame, draws it, pulls again: it limits itself to what the window can draw, and never queues.
// A frame that can't be had or decoded is passed over; the loop goes on, slower, until it is stopped.

import { FigureKeeper, type PreviewFigures } from "./figures";
import { parseFrame, type Frame } from "./frame";
import { parseOutline, type PersonOutline } from "./outline";

export type PreviewState = "waiting" | "live" | "fault";

export interface PreviewOptions {
  /** Answers with a frame newer than `after`, or with nothing. */
  readonly pull: (after: number) => Promise<ArrayBuffer>;
  /** Asks where the person is on a frame; nothing where nobody wants to know. */
  readonly outline?: (sequence: number) => Promise<ArrayBuffer> | null;
  readonly draw: (picture: ImageBitmap, outline: PersonOutline | null) => void;
  readonly changed: (state: PreviewState) => void;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;
/** The booth answers empty after a second without a frame: so many in a row mean that no picture comes. */
const EMPTY_ANSWERS_ALLOWED = 2;

declare global {
  interface Window {
    /** For benchmarks and the end-to-end test. */
    __preview?: PreviewFigures;
  }
}

/** Runs until the returned function is called; after that nothing is drawn or reported any more. */
export function startPreview(options: PreviewOptions): () => void {
  const preview = new Preview(options);
  void preview.run();
  return () => preview.stop();
}

class Preview {
  readonly #options: PreviewOptions;
  readonly #keeper = new FigureKeeper();
  readonly #stopped = new AbortController();
  #state: PreviewState = "waiting";
  #after = 0;
  #empty = 0;
  #pause_ms = FIRST_PAUSE_MS;

  constructor(options: PreviewOptions) {
    this.#options = options;
  }

  stop(): void {
    this.#stopped.abort();
  }

  async run(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      try {
        await this.#next();
      } catch {
        // Said on the screen by its state; the camera's own fault is in the booth's log.
        this.#enter("fault");
        await this.#rest();
      }
    }
  }

  async #next(): Promise<void> {
    const asked = performance.now();
    const frame = parseFrame(await this.#options.pull(this.#after));
    if (frame === null) return this.#nothingCame(performance.now() - asked);
    this.#after = frame.sequence;
    this.#empty = 0;
    await this.#show(frame);
    this.#pause_ms = FIRST_PAUSE_MS;
    this.#enter("live");
  }

  async #show(frame: Frame): Promise<void> {
    if (this.#stopped.signal.aborted) return;
    // Both are of this frame, and are waited for together.
    const asked = this.#options.outline?.(frame.sequence) ?? null;
    const outlined = asked?.then((bytes) => parseOutline(bytes, frame.sequence)).catch(() => null);
    const picture = await createImageBitmap(frame.jpeg);
    try {
      const outline = (await outlined) ?? null;
      if (this.#stopped.signal.aborted) return;
      this.#options.draw(picture, outline);
    } finally {
      picture.close();
    }
    this.#keeper.drawn(frame.capturedAt, Date.now());
    window.__preview = this.#keeper.figures();
  }

  async #nothingCame(waited_ms: number): Promise<void> {
    this.#empty += 1;
    if (this.#empty > EMPTY_ANSWERS_ALLOWED) this.#enter("fault");
    if (waited_ms < FIRST_PAUSE_MS) await this.#rest();
  }

  /** Waits, twice as long each time until a frame comes. */
  async #rest(): Promise<void> {
    const pause_ms = this.#pause_ms;
    this.#pause_ms = Math.min(LONGEST_PAUSE_MS, pause_ms * 2);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pause_ms);
      this.#stopped.signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
    });
  }

  #enter(state: PreviewState): void {
    if (this.#stopped.signal.aborted || state === this.#state) return;
    this.#state = state;
    this.#options.changed(state);
  }
}
