// Every word on the screen, by key, in both languages. A key that one language lacks fails the type check.

import type { Language } from "../backend/bindings";
import { en } from "./en";
import { zh } from "./zh";

export type Key = keyof typeof zh;
export type Dictionary = Readonly<Record<Key, string>>;
export type Values = Readonly<Record<string, string | number>>;

export const DICTIONARIES: Readonly<Record<Language, Dictionary>> = { zh, en };

/** The text of a key, its `{name}` places filled from `values`. */
export function translate(language: Language, key: Key, values: Values = {}): string {
  return DICTIONARIES[language][key].replace(/\{(\w+)\}/g, (place, name: string) =>
    String(values[name] ?? place),
  );
}
