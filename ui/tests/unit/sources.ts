// The sources of this folder as text.

import { readdirSync, readFileSync } from "node:fs";

export const ROOT = process.cwd();

export interface Source {
  /** From the folder's root. */
  readonly path: string;
  readonly text: string;
}

/** Every file under `src` with this ending. */
export function read(ending: string): Source[] {
  return readdirSync(`${ROOT}/src`, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(ending))
    .map((path) => ({ path: `src/${path}`, text: readFileSync(`${ROOT}/src/${path}`, "utf8") }));
}

/** What a module imports. */
export function imports(text: string): string[] {
  return [...text.matchAll(/(?:from|import) "([^"]+)"/g)].map(([, target]) => target);
}
