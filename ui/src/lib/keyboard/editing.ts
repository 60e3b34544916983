// Changes to a text field at its caret, told to the page as typing on a physical keyboard is.

/** Puts text in place of the selection, the caret behind it. Text beyond the field's `maxLength` is left out. */
export function insertText(field: HTMLInputElement, text: string): void {
  const [start, end] = selection(field);
  const room = field.maxLength < 0 ? Infinity : field.maxLength - (field.value.length - (end - start));
  if (text.length > room) return;
  replace(field, text, start, end);
}

/** Erases the selection, or the one character before the caret. */
export function eraseText(field: HTMLInputElement): void {
  const [start, end] = selection(field);
  replace(field, "", start === end ? start - lastCharacter(field.value.slice(0, start)).length : start, end);
}

function replace(field: HTMLInputElement, text: string, start: number, end: number): void {
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

function selection(field: HTMLInputElement): [number, number] {
  const end = field.value.length;
  return [field.selectionStart ?? end, field.selectionEnd ?? end];
}

/** Rare characters are two UTF-16 units long. */
function lastCharacter(text: string): string {
  return [...text].at(-1) ?? "";
}
