// The on-screen keyboard and the fields, as a finger uses them.

import { byId, settled } from "./stage";

/** Presses a key of the on-screen keyboard. */
export async function key(name: string): Promise<void> {
  const button = document.querySelector(`[data-skbtn="${name}"]`);
  button!.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, cancelable: true }));
  button!.dispatchEvent(new PointerEvent("pointerup", { bubbles: true, cancelable: true }));
  await settled();
}

export async function keys(names: string): Promise<void> {
  for (const name of names) await key(name);
}

export function value(field: string): string {
  return byId<HTMLInputElement>(field).value;
}

export function enabled(testid: string): boolean {
  return !byId<HTMLButtonElement>(testid).disabled;
}
