// A scan is told from typing by its time between keys, and takes nothing from a field.

import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Scan, watchScanner } from "../../src/lib/scanner";

/** What a run of keys at a steady pace comes to. */
function typed(keys: readonly string[], pause_ms: number): string | null {
  const scan = new Scan();
  return keys.map((key, at) => scan.take({ key, timeStamp: 1000 + at * pause_ms }).text).at(-1) ?? null;
}

const CODE = [..."XXCJ-2027-000421", "Enter"];

describe("a scan", () => {
  test.each([
    [1, "XXCJ-2027-000421"],
    [10, "XXCJ-2027-000421"],
    [20, "XXCJ-2027-000421"],
    [50, "XXCJ-2027-000421"],
    [51, null],
    [100, null],
    [400, null],
  ])("keys every %i ms are %s", (pause_ms, text) => expect(typed(CODE, pause_ms)).toBe(text));

  test("the keys of shifted letters belong to it and aren't text", () => {
    expect(typed(["Shift", "A", "Shift", "B", "c", "1", "Enter"], 2)).toBe("ABc1");
  });

  test("three keys and Enter are no code: somebody leant on the keyboard", () => {
    expect(typed([..."abc", "Enter"], 2)).toBe(null);
  });

  test("Enter alone, and Enter long after the keys, are not a scan", () => {
    expect(typed(["Enter"], 1)).toBe(null);
    const scan = new Scan();
    [..."abcdef"].forEach((key, at) => scan.take({ key, timeStamp: at }));
    expect(scan.take({ key: "Enter", timeStamp: 500 })).toEqual({ part: false, text: null });
  });

  test("slow keys before it are not part of it", () => {
    const scan = new Scan();
    scan.take({ key: "z", timeStamp: 0 });
    [..."hello"].forEach((key, at) => scan.take({ key, timeStamp: 300 + at }));
    expect(scan.take({ key: "Enter", timeStamp: 306 }).text).toBe("hello");
  });

  test("a scan that breaks off and goes on says where keys may be missing", () => {
    const scan = new Scan();
    [..."XXCJ-2027"].forEach((key, at) => scan.take({ key, timeStamp: at }));
    [..."-000421"].forEach((key, at) => scan.take({ key, timeStamp: 100 + at }));
    expect(scan.take({ key: "Enter", timeStamp: 108 }).text).toBe("XXCJ-2027\uFFFD-000421");
  });

  test("a whole scan a good while after half of one is whole", () => {
    const scan = new Scan();
    [..."XXCJ-2027"].forEach((key, at) => scan.take({ key, timeStamp: at }));
    const text = CODE.map((key, at) => scan.take({ key, timeStamp: 1500 + at }).text).at(-1);
    expect(text).toBe("XXCJ-2027-000421");
  });

  test("nothing is left of one scan for the next", () => {
    const scan = new Scan();
    [..."first1", "Enter"].forEach((key, at) => scan.take({ key, timeStamp: at }));
    [..."second"].forEach((key, at) => scan.take({ key, timeStamp: 8 + at }));
    expect(scan.take({ key: "Enter", timeStamp: 14 }).text).toBe("second");
  });

  test("a flood is cut at 8192 characters", () => {
    expect(typed([..."x".repeat(9000), "Enter"], 1)).toHaveLength(8192);
  });
});

/** A key as the window gets it: jsdom's own time stamps follow the clock. */
function press(target: EventTarget, key: string, timeStamp: number): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  Object.defineProperty(event, "timeStamp", { value: timeStamp });
  target.dispatchEvent(event);
  return event;
}

describe("in the window", () => {
  test("a scan is told once, and its Enter presses no button", () => {
    const scanned = vi.fn();
    onTestFinished(watchScanner(window, scanned));
    const button = document.body.appendChild(document.createElement("button"));
    const events = CODE.map((key, at) => press(button, key, 100 + at * 5));
    expect(scanned.mock.calls).toEqual([["XXCJ-2027-000421"]]);
    expect(events[0].defaultPrevented, "one key is not yet a scan").toBe(false);
    expect(events.slice(1).every((event) => event.defaultPrevented)).toBe(true);
  });

  test("what is typed slowly keeps its effect", () => {
    const scanned = vi.fn();
    onTestFinished(watchScanner(window, scanned));
    const events = CODE.map((key, at) => press(document.body, key, 100 + at * 120));
    expect(events.some((event) => event.defaultPrevented)).toBe(false);
    expect(scanned).not.toHaveBeenCalled();
  });

  test("keys in a field are the field's, however fast", () => {
    const scanned = vi.fn();
    onTestFinished(watchScanner(window, scanned));
    const field = document.body.appendChild(document.createElement("input"));
    const events = CODE.map((key, at) => press(field, key, 100 + at));
    expect(scanned).not.toHaveBeenCalled();
    expect(events.some((event) => event.defaultPrevented)).toBe(false);
  });

  test("once it is no longer watched, nothing is told", () => {
    const scanned = vi.fn();
    watchScanner(window, scanned)();
    CODE.forEach((key, at) => press(document.body, key, at));
    expect(scanned).not.toHaveBeenCalled();
  });
});
