// Drawn pictures for the fake booth: a preview with a moving figure, a portrait before the official blue. Nobody is in them.

const HEADER_BYTES = 16;
const FRAME = { width: 1280, height: 720 };
const PORTRAIT = { width: 480, height: 640 };
/** 29 modules of 16 px, and a margin of two. */
const CODE = { width: 528, height: 528 };
const FRAME_EVERY_MS = 1000 / 30;
const FILM_FRAMES = 60;

export interface Pictures {
  /** A preview frame with its header, about thirty a second. */
  frame(after: number): Promise<ArrayBuffer>;
  /** Where the figure of that frame is, with its header. */
  outline(sequence: number): Promise<ArrayBuffer>;
  /** A delivered photo, 480 x 640. */
  portrait(): Promise<ArrayBuffer>;
  /** The shot it was made from, 1280 x 720. */
  original(): Promise<ArrayBuffer>;
  /** A square code of no meaning. */
  code(): Promise<ArrayBuffer>;
}

export const drawnPictures: Pictures = {
  frame: fakeFrame,
  outline: fakeOutline,
  portrait: fakePortrait,
  original: () => picture(FRAME, (on) => drawScene(on, 0)),
  code: () => picture(CODE, drawCode),
};

const OUTLINE = { width: 256, height: 144 };

/** Two seconds of preview, drawn once: encoding each frame anew would slow the page that shows it. */
let film: Promise<ArrayBuffer[]> | null = null;

async function fakeFrame(after: number): Promise<ArrayBuffer> {
  film ??= Promise.all(
    Array.from({ length: FILM_FRAMES }, (_, at) => picture(FRAME, (on) => drawScene(on, at))),
  );
  const jpegs = await film;
  await new Promise((resolve) => setTimeout(resolve, FRAME_EVERY_MS - (performance.now() % FRAME_EVERY_MS)));
  const capturedAt = Date.now();
  const jpeg = jpegs[after % FILM_FRAMES];
  const bytes = new Uint8Array(HEADER_BYTES + jpeg.byteLength);
  const header = new DataView(bytes.buffer);
  header.setBigUint64(0, BigInt(after + 1), true);
  header.setBigUint64(8, BigInt(capturedAt), true);
  bytes.set(new Uint8Array(jpeg), HEADER_BYTES);
  return bytes.buffer;
}

/** The figure alone, its edge as the drawing leaves it. */
async function fakeOutline(sequence: number): Promise<ArrayBuffer> {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, OUTLINE);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this page has no canvas");
  context.scale(OUTLINE.width / FRAME.width, OUTLINE.height / FRAME.height);
  drawFigure(context, figureX(sequence - 1), 300, 150);
  const { data } = context.getImageData(0, 0, OUTLINE.width, OUTLINE.height);
  const bytes = new Uint8Array(HEADER_BYTES + data.length / 4);
  const header = new DataView(bytes.buffer);
  header.setBigUint64(0, BigInt(sequence), true);
  header.setUint32(8, OUTLINE.width, true);
  header.setUint32(12, OUTLINE.height, true);
  for (let place = 0; place < data.length / 4; place++) bytes[HEADER_BYTES + place] = data[4 * place + 3];
  return bytes.buffer;
}

function fakePortrait(): Promise<ArrayBuffer> {
  return picture(PORTRAIT, (context) => {
    context.fillStyle = "rgb(100 197 255)";
    context.fillRect(0, 0, PORTRAIT.width, PORTRAIT.height);
    drawFigure(context, PORTRAIT.width / 2, 240, 150);
  });
}

/** Looks like a QR code, says nothing. */
function drawCode(context: CanvasRenderingContext2D): void {
  const [module_px, modules, margin] = [16, 29, 2];
  const square = (x: number, y: number, side: number, colour: string) => {
    context.fillStyle = colour;
    context.fillRect((x + margin) * module_px, (y + margin) * module_px, side * module_px, side * module_px);
  };
  square(-margin, -margin, modules + 2 * margin, "white");
  for (let y = 0; y < modules; y++)
    for (let x = 0; x < modules; x++) if ((x * x + 3 * y * y + x * y) % 7 < 3) square(x, y, 1, "black");
  for (const [x, y] of [
    [0, 0],
    [modules - 7, 0],
    [0, modules - 7],
  ]) {
    square(x - 1, y - 1, 9, "white");
    square(x, y, 7, "black");
    square(x + 1, y + 1, 5, "white");
    square(x + 2, y + 2, 3, "black");
  }
}

async function picture(
  { width, height }: { width: number; height: number },
  draw: (context: CanvasRenderingContext2D) => void,
): Promise<ArrayBuffer> {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this page has no canvas");
  draw(context);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
  if (!blob) throw new Error("the canvas gave no picture");
  return blob.arrayBuffer();
}

function drawScene(context: CanvasRenderingContext2D, at: number): void {
  const wall = context.createLinearGradient(0, 0, FRAME.width, FRAME.height);
  wall.addColorStop(0, "#cfd8df");
  wall.addColorStop(1, "#8fa0ae");
  context.fillStyle = wall;
  context.fillRect(0, 0, FRAME.width, FRAME.height);
  drawFigure(context, figureX(at), 300, 150);
}

/** Where the figure is on the film's picture `at`: nobody stands quite still. */
function figureX(at: number): number {
  return FRAME.width / 2 + 14 * Math.sin((2 * Math.PI * (at % FILM_FRAMES)) / FILM_FRAMES);
}

/** Head and shoulders about an eye line; `head` is half the head's height. */
function drawFigure(context: CanvasRenderingContext2D, x: number, eyes: number, head: number): void {
  ellipse(context, "#1d3653", x, eyes + head * 2.5, head * 1.5, head * 1.25);
  context.fillStyle = "#dcae8f";
  context.fillRect(x - head * 0.33, eyes + head * 0.6, head * 0.66, head * 0.8);
  ellipse(context, "#20242f", x, eyes - head * 0.18, head * 0.8, head * 1.05);
  ellipse(context, "#efc7a8", x, eyes + head * 0.12, head * 0.66, head * 0.92);
  ellipse(context, "#20242f", x, eyes - head * 0.82, head * 0.66, head * 0.34);
  for (const side of [-1, 1])
    ellipse(context, "#2a2f3a", x + side * head * 0.27, eyes, head * 0.07, head * 0.05);
  ellipse(context, "#b4695f", x, eyes + head * 0.58, head * 0.2, head * 0.04);
}

function ellipse(
  context: CanvasRenderingContext2D,
  colour: string,
  x: number,
  y: number,
  rx: number,
  ry: number,
): void {
  context.fillStyle = colour;
  context.beginPath();
  context.ellipse(x, y, rx, ry, 0, 0, 2 * Math.PI);
  context.fill();
}
