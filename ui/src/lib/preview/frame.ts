// A preview frame as it comes from the booth.

const HEADER_BYTES = 16;

export interface Frame {
  readonly sequence: number;
  /** When the camera took it, ms since the Unix epoch. */
  readonly capturedAt: number;
  readonly jpeg: Blob;
}

/** Splits header and JPEG; `null` for an empty answer. Sequence and time stay below 2^53. */
export function parseFrame(bytes: ArrayBuffer): Frame | null {
  if (bytes.byteLength <= HEADER_BYTES) return null;
  const header = new DataView(bytes, 0, HEADER_BYTES);
  return {
    sequence: Number(header.getBigUint64(0, true)),
    capturedAt: Number(header.getBigUint64(8, true)),
    jpeg: new Blob([new Uint8Array(bytes, HEADER_BYTES)], { type: "image/jpeg" }),
  };
}
