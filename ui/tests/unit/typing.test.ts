// Pinyin, and changes to a field at its caret.

import { describe, expect, test } from "vitest";
import { eraseText, insertText } from "../../src/lib/keyboard/editing";
import { candidates } from "../../src/lib/keyboard/pinyin";

describe("pinyin", () => {
  test.each([
    ["wang", 4, "王"],
    ["zhangwei", 5, "张"],
    ["lv", 2, "吕"],
    ["ouyang", 2, "欧"],
    ["xian", 4, "先"],
  ])("%s offers %i letters' worth, %s among it", (letters, used, character) => {
    const offered = candidates(letters);
    expect(offered.letters).toBe(used);
    expect(offered.characters.slice(0, 20)).toContain(character);
  });

  test.each([
    ["yue", "玥"],
    ["yu", "彧"],
    ["yang", "旸"],
    ["chong", "翀"],
    ["jing", "璟"],
    ["peng", "芃"],
    ["wei", "偉"],
    ["chen", "陳"],
    ["jun", "珺"],
    ["cheng", "珹"],
  ])("%s offers %s, which names have and GB 2312 hasn't", (letters, character) => {
    expect(candidates(letters).characters).toContain(character);
  });

  test("an unfinished syllable offers those that it begins, each character once", () => {
    const offered = candidates("zh");
    expect(offered.letters).toBe(2);
    expect(offered.characters).toEqual([...new Set(offered.characters)]);
    expect(offered.characters.slice(0, 40)).toEqual(expect.arrayContaining(["中", "张", "这"]));
  });

  test("letters that no syllable begins with offer nothing", () => {
    expect(candidates("v").characters).toEqual([]);
  });
});

describe("editing", () => {
  function field(value: string, start: number, end = start): HTMLInputElement & { told: number } {
    const input = Object.assign(document.createElement("input"), { told: 0 });
    input.value = value;
    input.setSelectionRange(start, end);
    input.addEventListener("input", () => (input.told += 1));
    return input;
  }

  test("text goes to the caret, replaces a selection, and the page is told", () => {
    const input = field("ac", 1);
    insertText(input, "b");
    expect([input.value, input.selectionStart, input.told]).toEqual(["abc", 2, 1]);
    input.setSelectionRange(0, 3);
    insertText(input, "x");
    expect(input.value).toBe("x");
  });

  test("a full field takes nothing more", () => {
    const input = field("abc", 3);
    input.maxLength = 3;
    insertText(input, "d");
    expect([input.value, input.told]).toEqual(["abc", 0]);
  });

  test.each([
    ["ab", 2, 2, "a"],
    ["ab", 1, 1, "b"],
    ["ab", 0, 0, "ab"],
    ["abc", 0, 2, "c"],
    ["王𬱖", 3, 3, "王"],
  ])("erasing in %s at %i..%i leaves %s", (value, start, end, left) => {
    const input = field(value, start, end);
    eraseText(input);
    expect(input.value).toBe(left);
  });
});
