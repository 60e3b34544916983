// A USB scanner is a keyboard that types a whole code and Enter faster than anybody: told from typing by the time between its keys.
// What is typed into a field is left alone, and so is everything slow.

/**
 * The longest pause between two keys of a scanner, in ms. Scanners send a key with each poll of the keyboard's USB endpoint, 1 to 10 ms,
 * or with the pause that they are set to, 20 ms at most in common ones; somebody who types 120 words a minute needs 100 ms a key.
 */
const PAUSE_MS = 50;
/** A scanner that goes on within this time after a longer pause has broken off: keys may be missing, and the rest alone is no code. */
const BROKEN_MS = 1000;
/** Stands in the text where keys may be missing. The booth takes no text that holds it. */
const MISSING = "\uFFFD";
/** Fewer keys than this are no code. */
const FEWEST_KEYS = 4;
/** More than a code can hold; what comes after is left out, and the booth refuses what is too large. */
const MOST_KEYS = 8192;

/** What a key event says of itself. */
export type ScannerKey = Pick<KeyboardEvent, "key" | "timeStamp">;

/** The keys of one scan, as they come. */
export class Scan {
  #text = "";
  #last = -Infinity;

  /** Takes a key: says whether it is part of a scan and, at its Enter, what was scanned. */
  take({ key, timeStamp }: ScannerKey): { readonly part: boolean; readonly text: string | null } {
    const pause = timeStamp - this.#last;
    const broken = pause > PAUSE_MS && pause <= BROKEN_MS && this.#text.length >= FEWEST_KEYS;
    if (broken && key !== "Enter") this.#text += MISSING;
    else if (pause > PAUSE_MS) this.forget();
    this.#last = timeStamp;
    if (key === "Enter") return this.#end();
    // Shift comes before each upper case letter.
    if (key.length === 1 && this.#text.length < MOST_KEYS) this.#text += key;
    return { part: this.#text.length > 1, text: null };
  }

  /** What was begun belongs to nobody. */
  forget(): void {
    this.#text = "";
    this.#last = -Infinity;
  }

  #end(): { readonly part: boolean; readonly text: string | null } {
    const text = this.#text;
    this.forget();
    return text.length < FEWEST_KEYS ? { part: false, text: null } : { part: true, text };
  }
}

/** Listens for scans until the returned function is called; keys of a scan press no button meanwhile. */
export function watchScanner(target: Window, scanned: (text: string) => void): () => void {
  const scan = new Scan();
  const take = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement) return scan.forget();
    const { part, text } = scan.take(event);
    if (part) event.preventDefault();
    if (text !== null) scanned(text);
  };
  target.addEventListener("keydown", take, true);
  return () => {
    target.removeEventListener("keydown", take, true);
    scan.forget();
  };
}
