// What jsdom leaves out of a browser and the screens use: observing sizes, scrolling, pictures as blobs, decoding, canvas drawing.
// Layout itself is tested in a real window (tests/layout).

import { configure } from "@testing-library/svelte";
import { vi } from "vitest";

// How long something may take to come; a busy machine pauses for more than the library's second.
configure({ asyncUtilTimeout: 20_000 });

HTMLElement.prototype.scrollIntoView = () => {};

class SizelessObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

/** Pointer events, and handlers for them that are set as properties. */
class Pointer extends MouseEvent {}
vi.stubGlobal("PointerEvent", Pointer);
for (const type of ["pointerdown", "pointerup"]) {
  for (const kind of [HTMLElement, Document]) {
    Object.defineProperty(kind.prototype, `on${type}`, {
      set(this: EventTarget, handler: EventListener | null) {
        if (handler) this.addEventListener(type, handler);
      },
    });
  }
}

vi.stubGlobal("ResizeObserver", SizelessObserver);
vi.stubGlobal("createImageBitmap", async () => ({ width: 4, height: 3, close: () => {} }));
URL.createObjectURL = () => "blob:photo";
URL.revokeObjectURL = () => {};
vi.stubGlobal(
  "ImageData",
  class {
    readonly data: Uint8ClampedArray;
    constructor(width: number, height: number) {
      this.data = new Uint8ClampedArray(4 * width * height);
    }
  },
);
HTMLCanvasElement.prototype.getContext = (() => ({
  drawImage: () => {},
  putImageData: () => {},
  canvas: { width: 4, height: 3 },
})) as unknown as HTMLCanvasElement["getContext"];
