// Lays the official background over everything on the canvas but the person.

import type { PersonOutline } from "./outline";

type Colour = readonly [number, number, number];

/** Keeps one small canvas, so that none is made for each frame. */
export class Backing {
  #mask: HTMLCanvasElement | null = null;
  #pixels: ImageData | null = null;

  /** The outline is stretched over the whole canvas; its edge is softened by that. */
  draw(on: CanvasRenderingContext2D, outline: PersonOutline, colour: Colour): void {
    const mask = this.#masked(outline, colour);
    if (mask) on.drawImage(mask, 0, 0, on.canvas.width, on.canvas.height);
  }

  #masked({ width, height, alpha }: PersonOutline, [red, green, blue]: Colour): HTMLCanvasElement | null {
    this.#mask ??= document.createElement("canvas");
    if (this.#mask.width !== width || this.#mask.height !== height || !this.#pixels) {
      Object.assign(this.#mask, { width, height });
      this.#pixels = new ImageData(width, height);
    }
    const { data } = this.#pixels;
    for (let place = 0; place < alpha.length; place++) {
      data[4 * place] = red;
      data[4 * place + 1] = green;
      data[4 * place + 2] = blue;
      data[4 * place + 3] = 255 - alpha[place];
    }
    const context = this.#mask.getContext("2d");
    context?.putImageData(this.#pixels, 0, 0);
    return context ? this.#mask : null;
  }
}
