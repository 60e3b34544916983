// QR codes as one path of an SVG. Leaves to the components what a code is for.

import { encode } from "uqr";

/** Modules of white around a code, which readers need (ISO/IEC 18004: four). */
const QUIET = 4;
/** More than any payment or order address has, and well below what a code of this error correction holds (2331). */
const MOST_BYTES = 1000;

export interface QrDrawing {
  /** Modules across and down, the white around included. */
  readonly size: number;
  /** The black modules, as a path of unit squares. */
  readonly path: string;
}

/** The code that says `text`; `null` for one that is empty or too long for telephones to read at a kiosk. */
export function drawQr(text: string): QrDrawing | null {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes === 0 || bytes > MOST_BYTES) return null;
  const { data, size } = encode(text, { ecc: "M", border: QUIET });
  return { size, path: data.map(rowPath).join("") };
}

/** The black runs of a row, each as one rectangle: neighbours leave no hairline between them. */
function rowPath(row: readonly boolean[], y: number): string {
  let path = "";
  for (let x = 0; x < row.length; x++) {
    const from = x;
    while (row[x]) x++;
    if (x > from) path += `M${from} ${y}h${x - from}v1h${from - x}z`;
  }
  return path;
}
