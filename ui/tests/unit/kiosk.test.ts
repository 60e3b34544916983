// What makes a page a kiosk: nothing of the browser left, activity told sparingly.

import { expect, onTestFinished, test, vi } from "vitest";
import { watchActivity } from "../../src/lib/activity";
import { lockDown } from "../../src/lib/lockdown";

function denied(target: EventTarget, event: Event): boolean {
  return !target.dispatchEvent(event);
}

test("menus, selection, dragging, zooming and the browser's keys are denied", () => {
  lockDown(document);
  const plain = document.body.appendChild(document.createElement("p"));
  for (const type of ["contextmenu", "dragstart", "drop", "selectstart", "gesturestart"]) {
    expect(denied(plain, new Event(type, { bubbles: true, cancelable: true })), type).toBe(true);
  }
  const wheel = (ctrlKey: boolean) => new WheelEvent("wheel", { ctrlKey, bubbles: true, cancelable: true });
  expect(denied(plain, wheel(true))).toBe(true);
  expect(denied(plain, wheel(false)), "scrolling stays").toBe(false);
  const key = (init: KeyboardEventInit) =>
    new KeyboardEvent("keydown", { ...init, bubbles: true, cancelable: true });
  for (const init of [
    { key: "F5" },
    { key: "r", ctrlKey: true },
    { key: "P", ctrlKey: true },
    { key: "+", ctrlKey: true },
    { key: "ArrowLeft", altKey: true },
  ]) {
    expect(denied(plain, key(init)), JSON.stringify(init)).toBe(true);
  }
  expect(denied(plain, key({ key: "a" })), "typing stays").toBe(false);
});

test("text is selected in fields only: a caret needs it", () => {
  lockDown(document);
  const field = document.body.appendChild(document.createElement("input"));
  field.type = "text";
  expect(denied(field, new Event("selectstart", { bubbles: true, cancelable: true }))).toBe(false);
});

test("activity is reported at once, then at most every five seconds, until it is no longer watched", () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const report = vi.fn();
  const stop = watchActivity(window, report);
  const touch = () => window.dispatchEvent(new Event("pointerdown"));
  touch();
  touch();
  expect(report).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(4_999);
  window.dispatchEvent(new KeyboardEvent("keydown", { key: "a" }));
  expect(report).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  touch();
  expect(report).toHaveBeenCalledTimes(2);
  stop();
  vi.advanceTimersByTime(10_000);
  touch();
  expect(report).toHaveBeenCalledTimes(2);
});
