// Which keys the on-screen keyboard has, by what is typed.

import type { Key } from "../i18n";

/**
 * `name` may be typed by pinyin; `code` is upper case letters and digits; `email` has what addresses have; `password` has both cases
 * and the usual signs; `digits` is a number pad.
 */
export type KeyboardKind = "name" | "code" | "email" | "password" | "digits";

/** The keys that do something else than type their own character. */
export type SpecialKey = "{erase}" | "{shift}" | "{mode}" | "{space}" | "{next}";

export const LAYOUT = {
  lower: [
    "1 2 3 4 5 6 7 8 9 0",
    "q w e r t y u i o p",
    "a s d f g h j k l",
    "{shift} z x c v b n m {erase}",
    "{mode} · {space} - {next}",
  ],
  upper: [
    "1 2 3 4 5 6 7 8 9 0",
    "Q W E R T Y U I O P",
    "A S D F G H J K L",
    "{shift} Z X C V B N M {erase}",
    "{mode} · {space} - {next}",
  ],
  code: [
    "1 2 3 4 5 6 7 8 9 0",
    "Q W E R T Y U I O P",
    "A S D F G H J K L",
    "Z X C V B N M {erase}",
    "- {next}",
  ],
  email: [
    "1 2 3 4 5 6 7 8 9 0",
    "q w e r t y u i o p",
    "a s d f g h j k l",
    "z x c v b n m {erase}",
    "@ . - _ {next}",
  ],
  password: [
    "1 2 3 4 5 6 7 8 9 0",
    "q w e r t y u i o p",
    "a s d f g h j k l",
    "{shift} z x c v b n m {erase}",
    "@ . - _ ! # {next}",
  ],
  password_upper: [
    "1 2 3 4 5 6 7 8 9 0",
    "Q W E R T Y U I O P",
    "A S D F G H J K L",
    "{shift} Z X C V B N M {erase}",
    "@ . - _ ! # {next}",
  ],
  digits: ["1 2 3", "4 5 6", "7 8 9", "{erase} 0 {next}"],
};

export type LayoutName = keyof typeof LAYOUT;

/** The words on the special keys. */
export const KEY_WORDS: Readonly<Record<Exclude<SpecialKey, "{mode}">, Key>> = {
  "{erase}": "keyboard.erase",
  "{shift}": "keyboard.shift",
  "{space}": "keyboard.space",
  "{next}": "keyboard.next",
};
