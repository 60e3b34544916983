// What every screen has around it: how the window is shown, help, the last call.

import { describe, expect, test, vi } from "vitest";
import type { View } from "../../src/lib/backend/bindings";
import { STEPS } from "../../src/lib/backend/fake-views";
import { TOPICS } from "../../src/lib/components/student/help";
import { byId, missing, press, settled, stage } from "./stage";

const root = document.documentElement.dataset;
const pressed = (testid: string) => byId(testid).getAttribute("aria-pressed");

/** Whether it or anything around it is inert. */
function dead(testid: string): boolean {
  for (let one: HTMLElement | null = byId(testid); one; one = one.parentElement) if (one.inert) return true;
  return false;
}

describe("how the window is shown", () => {
  test("a press changes text, colours and layout at once, and says which is chosen", async () => {
    const { sent } = await stage(STEPS.programme);
    expect([root.text, root.contrast, root.layout]).toEqual(["100", "normal", "high"]);
    await press("display");
    expect(byId("display").getAttribute("aria-expanded")).toBe("true");
    expect(pressed("text-size-100")).toBe("true");
    for (const choice of ["text-size-150", "contrast-high", "layout-low"]) {
      expect(pressed(choice)).toBe("false");
      await press(choice);
      expect(pressed(choice)).toBe("true");
    }
    expect([root.text, root.contrast, root.layout]).toEqual(["150", "high", "low"]);
    expect(pressed("text-size-100")).toBe("false");
    expect(sent(), "the booth has no part in it").toEqual([]);
  });

  test("the choices close at Escape, at their button and at a press elsewhere", async () => {
    await stage(STEPS.programme);
    await press("display");
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    await settled();
    expect(missing("display-choices")).toBe(true);
    expect(document.activeElement).toBe(byId("display"));
    await press("display");
    await press("display");
    expect(missing("display-choices")).toBe(true);
    await press("display");
    byId("screen").dispatchEvent(new MouseEvent("pointerdown", { bubbles: true }));
    await settled();
    expect(missing("display-choices")).toBe(true);
  });

  test("what one student chose is gone for the next", async () => {
    const { fake, session } = await stage(STEPS.welcome);
    session.display.text = 150;
    session.display.contrast = "high";
    fake.showStep(STEPS.programme);
    await settled();
    expect(root.text, "kept through the way").toBe("150");
    fake.showStep(STEPS.done);
    fake.showStep(STEPS.welcome);
    await settled();
    expect([root.text, root.contrast, root.layout]).toEqual(["100", "normal", "high"]);
  });

  test("chosen at the welcome screen and left alone for a minute, it is gone too", async () => {
    vi.useFakeTimers();
    const { session } = await stage(STEPS.welcome);
    session.display.layout = "low";
    await vi.advanceTimersByTimeAsync(50_000);
    document.body.dispatchEvent(new MouseEvent("pointerdown", { bubbles: true }));
    await vi.advanceTimersByTimeAsync(50_000);
    expect(session.display.layout, "somebody was there").toBe("low");
    await vi.advanceTimersByTimeAsync(11_000);
    expect(session.display.layout).toBe("high");
    vi.useRealTimers();
  });
});

describe("help", () => {
  test.each(Object.values(STEPS))("$name has questions with answers", async (step) => {
    const { session } = await stage(step, "en");
    await press("help");
    const topics = TOPICS[step.name];
    expect(topics.length).toBeGreaterThanOrEqual(2);
    for (const topic of topics) {
      expect(byId(`help-${topic}`).textContent).toContain(session.t(`help.${topic}.a`));
    }
    await press("close-help");
    expect(missing("help-dialog")).toBe(true);
  });

  test("it takes the focus, makes what is below dead, and gives the focus back at Escape", async () => {
    await stage(STEPS.order);
    byId("help").focus();
    await press("help");
    expect(document.activeElement).toBe(byId("help-dialog"));
    expect(byId("help-dialog").getAttribute("aria-modal")).toBe("true");
    for (const below of ["place-order", "log-out"]) expect(dead(below), below).toBe(true);
    expect(dead("close-help")).toBe(false);
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    await settled();
    expect(missing("help-dialog")).toBe(true);
    expect(document.activeElement).toBe(byId("help"));
  });

  test("another step closes it", async () => {
    const { fake } = await stage(STEPS.order);
    await press("help");
    fake.showStep(STEPS.pay);
    await settled();
    expect(missing("help-dialog")).toBe(true);
  });

  test("staff are called once, and the student is told; the next student can call again", async () => {
    const { fake, sent } = await stage(STEPS.order);
    await press("help");
    await press("call-staff");
    expect(sent()).toEqual([{ type: "call_staff", called: true }]);
    expect(byId("staff-called").textContent).toContain("已通知工作人员");
    expect(missing("call-staff")).toBe(true);
    fake.show({ step: STEPS.welcome, called: false });
    await settled();
    await press("help");
    expect(byId("call-staff")).toBeTruthy();
  });

  test("a call that did not get through is not said to have", async () => {
    const { fake } = await stage(STEPS.order);
    fake.refuse("internal");
    await press("help");
    await press("call-staff");
    expect(missing("staff-called")).toBe(true);
    expect(byId("error").dataset.code).toBe("internal");
  });

  test("the campus's contact is given where the booth knows it", async () => {
    const contact = { zh: "学生事务中心 101 室", en: "Student affairs, room 101" };
    await stage(STEPS.order, "en", { contact } as Partial<View>);
    await press("help");
    expect(byId("contact").textContent).toContain(contact.en);
  });
});

describe("the last call", () => {
  test("says how long, is announced once, and offers to stay or to leave", async () => {
    const { fake, sent } = await stage(STEPS.pay, "en", { time_left_s: 20 });
    const call = byId("closing");
    expect(call.getAttribute("role")).toBe("alertdialog");
    expect(call.querySelector("[role=alert]")?.textContent, "no seconds are read out").not.toMatch(/\d/);
    expect(call.querySelector("[role=timer]")?.textContent).toContain("20 s");
    await press("stay");
    expect(fake.sent).toContainEqual({ type: "touch" });
    await press("closing-log-out");
    expect(sent()).toEqual([{ type: "log_out" }]);
  });

  test("it stays alive over the help", async () => {
    await stage(STEPS.pay, "en", { time_left_s: 20 });
    await press("help");
    expect(dead("closing")).toBe(false);
  });
});
