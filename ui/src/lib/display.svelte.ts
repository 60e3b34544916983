// How one student wants the window shown: larger text, stronger colours, controls within reach of a wheelchair.
// It is a wish for one session and lives nowhere else: it is gone when the session is.

/** Of the usual size, in percent. */
export type TextSize = 100 | 150;
export type Contrast = "normal" | "high";
/** Where the controls of a tall screen are. A wide one is low already. */
export type Layout = "high" | "low";

export class Display {
  text = $state<TextSize>(100);
  contrast = $state<Contrast>("normal");
  layout = $state<Layout>("high");

  /** Whether anything is other than a stranger finds it. */
  get chosen(): boolean {
    return this.text !== 100 || this.contrast !== "normal" || this.layout !== "high";
  }

  reset(): void {
    this.text = 100;
    this.contrast = "normal";
    this.layout = "high";
  }

  /** Writes the choices where the style sheet reads them. */
  applyTo(root: HTMLElement): void {
    root.dataset.text = String(this.text);
    root.dataset.contrast = this.contrast;
    root.dataset.layout = this.layout;
  }
}
