// From typed pinyin to characters, a syllable at a time: the candidates for the letters typed so far.
// Leaves phrases and learning out: names are a few characters, and nothing of one student may help the next.

import chinese from "simple-keyboard-layouts/build/layouts/chinese";
import { MORE_CHARACTERS } from "./more-characters";

/** Candidates for the first syllable of the letters typed. */
export interface Candidates {
  /** How many of the letters a chosen character uses up. */
  readonly letters: number;
  readonly characters: readonly string[];
}

const NONE: Candidates = { letters: 0, characters: [] };
const LONGEST_SYLLABLE = 6;

/** Syllable -> characters, the frequent ones first. */
const TABLE: ReadonlyMap<string, readonly string[]> = characterTable();

/**
 * The longest syllable at the start of `letters`; where none is complete yet, every syllable that they begin
 * (`zh` offers zhong, zhi and so on).
 */
export function candidates(letters: string): Candidates {
  for (let length = Math.min(LONGEST_SYLLABLE, letters.length); length > 0; length--) {
    const characters = TABLE.get(letters.slice(0, length));
    if (characters) return { letters: length, characters };
  }
  const begun = [...TABLE].filter(([syllable]) => syllable.startsWith(letters));
  if (begun.length === 0) return NONE;
  return { letters: letters.length, characters: interleaved(begun.map(([, characters]) => characters)) };
}

/** The first of each row, then the second of each, without repeats. */
function interleaved(rows: readonly (readonly string[])[]): string[] {
  const longest = Math.max(...rows.map((row) => row.length));
  const all = Array.from({ length: longest }, (_, at) => rows.flatMap((row) => row.slice(at, at + 1)));
  return [...new Set(all.flat())];
}

function characterTable(): Map<string, readonly string[]> {
  const table = new Map<string, readonly string[]>();
  for (const [syllable, row] of Object.entries(frequentCharacters())) table.set(syllable, row.split(" "));
  for (const [syllable, row] of Object.entries(MORE_CHARACTERS)) {
    table.set(syllable, [...(table.get(syllable) ?? []), ...row]);
  }
  return table;
}

interface PinyinLayout {
  readonly layoutCandidates: Record<string, string>;
}

/** The library's module is CommonJS (its default export arrives wrapped where it isn't bundled), and its types leave the table out. */
function frequentCharacters(): Record<string, string> {
  const module = chinese as unknown as PinyinLayout & { default?: PinyinLayout };
  return (module.default ?? module).layoutCandidates;
}
