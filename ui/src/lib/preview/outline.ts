// Where the person is on a preview frame, as it comes from the booth.

const HEADER_BYTES = 16;

export interface PersonOutline {
  readonly width: number;
  readonly height: number;
  /** A byte a place, row by row: 255 is the person. */
  readonly alpha: Uint8Array;
}

/** Splits header and alpha; `null` for an empty answer, one of another frame, or one that is cut short. */
export function parseOutline(bytes: ArrayBuffer, sequence: number): PersonOutline | null {
  if (bytes.byteLength <= HEADER_BYTES) return null;
  const header = new DataView(bytes, 0, HEADER_BYTES);
  const [width, height] = [header.getUint32(8, true), header.getUint32(12, true)];
  if (Number(header.getBigUint64(0, true)) !== sequence) return null;
  if (width * height !== bytes.byteLength - HEADER_BYTES) return null;
  return { width, height, alpha: new Uint8Array(bytes, HEADER_BYTES) };
}
