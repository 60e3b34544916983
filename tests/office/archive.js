// The names and contents of a ZIP archive, by its directory at the end.
import { inflateRawSync } from "node:zlib";

export const entries = (bytes) => {
  const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06"));
  if (end < 0) throw new Error("the archive has no end");
  const found = new Map();
  let at = bytes.readUInt32LE(end + 16);
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count--) {
    const [packed, name, extra, comment] = [20, 28, 30, 32].map((place, n) => (n === 0 ? bytes.readUInt32LE(at + place) : bytes.readUInt16LE(at + place)));
    const local = bytes.readUInt32LE(at + 42);
    const begin = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    found.set(bytes.toString("utf8", at + 46, at + 46 + name), inflateRawSync(bytes.subarray(begin, begin + packed)));
    at += 46 + name + extra + comment;
  }
  return found;
};
