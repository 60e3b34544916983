// Every screen: what it says in both languages, and what its buttons send.

import { waitFor } from "@testing-library/svelte";
import { describe, expect, test, vi } from "vitest";
import type { Step, StudentEvent } from "../../src/lib/backend/bindings";
import { DEGREE, STEPS, VARIANTS } from "../../src/lib/backend/fake-views";
import { FIGURES } from "../../src/lib/components/student/figures";
import { translate, type Key } from "../../src/lib/i18n";
import { SERVICE_SAYS } from "./service-says";
import { byId, LANGUAGES, missing, press, settled, stage } from "./stage";

/** What is ordered unless something else is chosen. */
const USUAL_SHEET = { print: DEGREE.prints[0].id, sheets: 1 };

/** A sentence that only this screen has. */
const SAYS: Record<string, Key> = {
  ...SERVICE_SAYS,
  consent: "consent.title",
  guide: "guide.collection_code",
  guide_first_time: "guide.image_standard",
  identify: "identify.card_lay",
  identify_card_fault: "card_fault.pulled_away",
  identify_reader_fault: "fault.reader_unplugged",
  identify_camera: "show_advice.nothing_seen",
  identify_camera_glare: "show_advice.glare",
  identify_camera_seen: "identify.seen",
  identify_typed: "identify.title_photo",
  identify_account: "identify.title_account",
  log_in: "log_in.first",
  log_in_wrong: "log_in.title",
  log_in_locked: "log_in.title",
  register: "register.title",
  register_known_holder: "register.title",
  register_birth: "register.why_birth",
  details: "details.title",
  details_disputed: "details.disputed",
  details_unlisted: "details.unlisted",
  code: "code.title",
  code_refused: "code.title",
  code_stick: "code_refusal.no_code",
  code_no_camera: "fault.camera_unplugged",
  code_read: "code.read_title",
  code_scanned: "code.read_title",
  briefing: "briefing.title",
  framing: "framing.title",
  countdown: "countdown.title",
  processing: "processing.title",
  review: "review.title",
  printing: "printing.title",
  staff_needed: "staff.title",
  briefing_rejected: "briefing.rejected",
  briefing_stick: "import.open",
  framing_stick: "import.open",
  awaiting_approval: "fault.awaiting_approval",
  camera_fault: "fault.camera_unplugged",
  lost_shot: "framing.lost",
  given_up: "coach.given_up",
  perfect: "coach.ready",
  by_hand: "coach.holding",
  one_photo: "review.title",
  failed_measures: "group.failed",
  refused: "review.refused",
  held: "printing.held",
};

describe.each(LANGUAGES)("in %s", (language) => {
  test.each(Object.entries({ ...STEPS, ...VARIANTS }) as [string, Step][])(
    "%s says what it is",
    async (name, step) => {
      await stage(step, language);
      const screen = byId("screen");
      expect(screen.dataset.step).toBe(step.name);
      await waitFor(() => expect(screen.textContent).toContain(translate(language, SAYS[name])));
      expect(screen.textContent, "no key or place is left unfilled").not.toMatch(
        /\{\w+\}|\b[a-z_]+\.[a-z_]+\b/,
      );
      expect(document.documentElement.lang.startsWith(language)).toBe(true);
    },
  );
});

test.each<[string, Step, StudentEvent]>([
  ["start-zh", STEPS.welcome, { type: "start", language: "zh" }],
  ["start-en", STEPS.welcome, { type: "start", language: "en" }],
  ["programme-degree", STEPS.programme, { type: "choose_programme", id: "degree" }],
  ["back", STEPS.programme, { type: "back" }],
  ["refuse", STEPS.consent, { type: "refuse" }],
  ["back", STEPS.consent, { type: "back" }],
  [
    "place-order",
    STEPS.order,
    { type: "place_order", order: { sheets: [USUAL_SHEET], delivery: "here", mail: null, note: "" } },
  ],
  ["back", STEPS.order, { type: "back" }],
  ["back", STEPS.pay, { type: "back" }],
  ["ready", STEPS.briefing, { type: "ready" }],
  ["back", STEPS.framing, { type: "back" }],
  ["back", STEPS.countdown, { type: "back" }],
  ["accept", STEPS.review, { type: "accept" }],
  ["retake", STEPS.review, { type: "retake" }],
  ["retake", VARIANTS.refused, { type: "retake" }],
  ["back", VARIANTS.refused, { type: "back" }],
  ["go-on", STEPS.printing, { type: "finish" }],
  ["finish", STEPS.done, { type: "finish" }],
  ["finish", STEPS.staff_needed, { type: "finish" }],
  ["log-out", STEPS.details, { type: "log_out" }],
  ["log-out", STEPS.framing, { type: "log_out" }],
  ["language-en", STEPS.consent, { type: "set_language", language: "en" }],
])("%s of %o sends its event once, however often it is pressed", async (testid, step, event) => {
  const { fake, sent } = await stage(step);
  const release = fake.hold();
  byId(testid).click();
  await settled();
  expect(byId<HTMLButtonElement>(testid).disabled, "dead while the answer is awaited").toBe(true);
  byId(testid).click();
  release();
  await settled();
  expect(sent()).toEqual([event]);
});

test.each(Object.entries({ ...STEPS, ...VARIANTS }) as [string, Step][])(
  "%s is dead while an answer is awaited: nothing else is sent, whatever is pressed",
  async (_, step) => {
    const { fake, session, sent } = await stage(step);
    fake.hold();
    void session.send({ type: "finish" });
    await settled();
    const awake = [...document.querySelectorAll<HTMLElement>("button:enabled")];
    expect(awake.filter(({ className }) => /\b(primary|secondary)\b/.test(className))).toEqual([]);
    awake.forEach((button) => button.click());
    await settled();
    expect(sent()).toEqual([{ type: "finish" }]);
  },
);

test("the language switch changes every word, and is gone once the camera runs", async () => {
  await stage(STEPS.programme);
  expect(byId("screen").textContent).toContain("请选择要拍的照片");
  await press("language-en");
  expect(byId("screen").textContent).toContain("Which photo do you need?");
  expect(byId("screen").textContent).not.toContain("请选择");
});

test.each(["welcome", "framing", "countdown", "processing"] as const)(
  "%s has no language switch",
  async (name) => {
    await stage(STEPS[name]);
    expect(missing("language-en")).toBe(true);
  },
);

describe("welcome", () => {
  test("a booth that can't serve says why and can't be started", async () => {
    await stage(VARIANTS.unable);
    expect(byId<HTMLButtonElement>("start-zh").disabled).toBe(true);
    expect(byId<HTMLButtonElement>("start-en").disabled).toBe(true);
    expect(byId("unable").textContent).toContain("相机连接断开");
    expect(byId("unable").textContent).toContain("The printer is out of paper");
  });

  test("says the lowest price, or that there is none", async () => {
    await stage(STEPS.welcome);
    expect(byId("min-price").textContent).toContain("¥15.00 起");
    document.body.replaceChildren();
    await stage({ ...STEPS.welcome, min_price_fen: 0 });
    expect(byId("min-price").textContent).toContain("free of charge");
  });
});

describe("consent", () => {
  const boxes = STEPS.consent.documents.map(({ id }) => `consent-${id}`);

  test("nothing is ticked beforehand, and only all of it lets the student go on", async () => {
    const { sent } = await stage(STEPS.consent);
    for (const box of boxes) {
      expect(byId(box).getAttribute("aria-checked")).toBe("false");
      expect(byId<HTMLButtonElement>("agree").disabled).toBe(true);
      await press(box);
      expect(byId(box).getAttribute("aria-checked")).toBe("true");
    }
    await press("agree");
    expect(sent()).toEqual([{ type: "agree", documents: STEPS.consent.documents.map(({ id }) => id) }]);
  });

  test("a tick can be taken back", async () => {
    await stage(STEPS.consent);
    for (const box of boxes) await press(box);
    await press(boxes[1]);
    expect(byId<HTMLButtonElement>("agree").disabled).toBe(true);
  });

  test("each document's whole text and version are there", async () => {
    await stage(STEPS.consent, "en");
    for (const document of STEPS.consent.documents) {
      expect(byId("screen").textContent).toContain(document.body.en);
      expect(byId("screen").textContent).toContain(`Version ${document.version}`);
    }
  });
});

describe("order", () => {
  test("the number of sheets stays between none and the most, and the sum follows", async () => {
    const { sent } = await stage(STEPS.order);
    expect(byId("total").textContent).toBe("¥30.00");
    await press("sheets-minus");
    expect(byId("total").textContent).toBe("¥20.00");
    expect(byId<HTMLButtonElement>("sheets-minus").disabled).toBe(true);
    for (let sheet = 0; sheet < DEGREE.max_sheets; sheet++) await press("sheets-plus");
    expect(byId<HTMLButtonElement>("sheets-plus").disabled).toBe(true);
    expect(byId("total").textContent).toBe("¥70.00");
    await press("place-order");
    expect(sent()).toEqual([
      {
        type: "place_order",
        order: { sheets: [{ ...USUAL_SHEET, sheets: 5 }], delivery: "here", mail: null, note: "" },
      },
    ]);
  });
});

describe("pay", () => {
  test("shows number and amount, never the PIN, and sends it once", async () => {
    const { fake } = await stage(STEPS.pay);
    expect(byId("order-number").textContent).toBe("B7-0421-3");
    expect(byId("amount").textContent).toBe("¥30.00");
    expect(byId<HTMLButtonElement>("pin-confirm").disabled).toBe(true);
    for (const digit of "94072") await press(`pin-${digit}`);
    await press("pin-erase");
    expect(byId("pin-entered").dataset.count).toBe("4");
    expect(document.body.innerHTML, "no digit of the PIN is on the page").not.toContain("9407");
    await press("pin-confirm");
    expect(fake.pins).toEqual(["9407"]);
    expect(byId("pin-entered").dataset.count, "the PIN is gone at once").toBe("0");
  });

  test("a wrong PIN is said at the pad, until the next digit", async () => {
    const { fake } = await stage(STEPS.pay, "en");
    fake.refuse("wrong_pin");
    await press("pin-1");
    await press("pin-confirm");
    expect(byId("pin-error").textContent).toContain("Wrong PIN");
    expect(missing("error"), "not said twice").toBe(true);
    await press("pin-2");
    expect(missing("pin-error")).toBe(true);
  });

  test("a locked pad takes nothing and counts down", async () => {
    vi.useFakeTimers();
    await stage(VARIANTS.locked, "en");
    expect(byId("pin-locked").textContent).toContain("48 s");
    expect(byId<HTMLButtonElement>("pin-1").disabled).toBe(true);
    await vi.advanceTimersByTimeAsync(2_100);
    expect(byId("pin-locked").textContent).toContain("46 s");
    await vi.advanceTimersByTimeAsync(46_000);
    expect(byId<HTMLButtonElement>("pin-1").disabled).toBe(false);
    vi.useRealTimers();
  });

  test("a booth without a PIN says so", async () => {
    const { fake } = await stage(STEPS.pay);
    fake.refuse("pin_not_set");
    await press("pin-1");
    await press("pin-confirm");
    expect(byId("error").dataset.code).toBe("pin_not_set");
  });
});

test("after a rejection the briefing says so, and that another photo is free", async () => {
  await stage(VARIANTS.briefing_rejected, "en");
  expect(byId("rejected").textContent).toContain("costs nothing");
  expect(byId("rejection").textContent).toContain("The reviewer wrote: 头发遮住了眉毛");
  document.body.replaceChildren();
  await stage(STEPS.briefing, "en");
  expect(missing("rejected")).toBe(true);
});

test("the briefing says the time in words", async () => {
  await stage(STEPS.briefing, "en");
  expect(byId("screen").textContent).toContain("2 min 30 s");
});

describe("framing", () => {
  test("the release wakes once there is a picture, and the countdown runs over the same preview", async () => {
    const { fake, sent } = await stage(STEPS.framing);
    expect(byId<HTMLButtonElement>("shoot").disabled).toBe(true);
    expect(byId("camera-waiting")).toBeTruthy();
    await waitFor(() => expect(byId<HTMLButtonElement>("shoot").disabled).toBe(false));
    await press("shoot");
    expect(sent()).toEqual([{ type: "shoot" }]);
    const canvas = byId("preview");
    fake.showStep(STEPS.countdown);
    await settled();
    expect(byId("preview"), "the canvas stays").toBe(canvas);
    expect(byId("countdown").textContent).toBe("3");
  });

  test("a camera's fault is said, and nothing can be shot", async () => {
    await stage(VARIANTS.camera_fault);
    await waitFor(() => expect(window.__preview?.frames).toBeGreaterThan(0));
    expect(byId("camera-fault").textContent).toBe("相机连接断开");
    expect(byId<HTMLButtonElement>("shoot").disabled).toBe(true);
  });

  test("without shots left nothing can be shot", async () => {
    await stage({ ...STEPS.framing, shots_left: 0 });
    await waitFor(() => expect(missing("camera-waiting")).toBe(true));
    expect(byId<HTMLButtonElement>("shoot").disabled).toBe(true);
  });
});

describe("coaching", () => {
  const live = () => waitFor(() => expect(missing("camera-waiting")).toBe(true));

  test("one piece of advice at a time, in words and drawn, and it follows the booth", async () => {
    const { fake } = await stage(STEPS.framing);
    await live();
    expect(byId("coach").textContent).toContain("请靠近一点");
    expect(byId("coach").getAttribute("aria-live")).toBe("polite");
    expect(byId("coach-figure").dataset.advice).toBe("closer");
    fake.showStep({ ...STEPS.framing, coaching: { state: "advice", advice: "open_eyes" } });
    await settled();
    expect(byId("coach").textContent).not.toContain("请靠近一点");
    expect(byId("coach-figure").dataset.advice).toBe("open_eyes");
    fake.showStep({ ...STEPS.framing, coaching: { state: "ready" } });
    await settled();
    expect(byId("coach").dataset.state).toBe("ready");
    expect(missing("coach-figure"), "nothing is left to change").toBe(true);
  });

  test("every advice has words of its own in both languages, and a figure", async () => {
    for (const language of LANGUAGES) {
      const said = Object.keys(FIGURES).map((advice) => translate(language, `advice.${advice}` as Key));
      expect(new Set(said).size).toBe(said.length);
    }
    for (const [advice, figure] of Object.entries(FIGURES)) {
      const drawn = figure.lines.length > 0 || ["grow", "shrink"].includes(figure.motion);
      expect(drawn, advice).toBe(true);
    }
  });

  test("a countdown that was given up says so, and the button still shoots", async () => {
    const { sent } = await stage(VARIANTS.given_up, "en");
    await live();
    expect(byId("given-up").dataset.advice).toBe("take_off_glasses");
    await waitFor(() => expect(byId<HTMLButtonElement>("shoot").disabled).toBe(false));
    await press("shoot");
    expect(sent()).toEqual([{ type: "shoot" }]);
  });

  test("the official background is asked for by its button, and drawn from the outline of the same frame", async () => {
    const { fake, sent } = await stage(STEPS.framing);
    const outlines = vi.spyOn(fake, "previewOutline");
    await live();
    expect(outlines, "nobody asked for it").not.toHaveBeenCalled();
    await press("background-on");
    expect(sent()).toEqual([{ type: "show_background", shown: true }]);
    fake.showStep({ ...STEPS.framing, background: { shown: true, colour: [100, 197, 255] } });
    await waitFor(() => expect(outlines).toHaveBeenCalled());
    expect(byId("background-off")).toBeTruthy();
  });
});

describe("review", () => {
  test("the shot is shown beside the photo, and another photo of it can be looked at", async () => {
    const { sent } = await stage(STEPS.review);
    await waitFor(() => expect(byId<HTMLImageElement>("original-photo").src).toBe("blob:photo"));
    expect(byId("choice-1").getAttribute("aria-pressed")).toBe("true");
    await press("choice-1");
    expect(sent(), "it is shown already").toEqual([]);
    await press("choice-2");
    expect(sent()).toEqual([{ type: "prefer", photo_id: STEPS.review.choices[1] }]);
  });

  test("a single photo is no choice, but one that is being made is announced", async () => {
    await stage({ ...VARIANTS.one_photo, making: false });
    expect(missing("choices")).toBe(true);
    document.body.replaceChildren();
    await stage(VARIANTS.one_photo);
    expect(byId("choices").dataset.making).toBe("true");
  });

  test("measures stand in groups, each with the standard's name", async () => {
    await stage(STEPS.review, "en");
    const heads = [...document.querySelectorAll("[data-testid^=measures-]")];
    expect(heads[0].textContent?.replace(/\s+/g, " ")).toMatch(/^Face 13 of 13 passed$/);
    expect(byId("measure-face_width").textContent).toContain("faceWidth");
    const rows = document.querySelectorAll("[data-testid^=measure-]");
    expect(rows.length).toBe(STEPS.review.measures.length);
  });

  test("a refused shot shows what it measured where that did not hold, and nothing that did", async () => {
    await stage(VARIANTS.failed_measures, "en");
    expect(byId("screen").textContent).not.toContain(translate("en", "review.title"));
    expect(missing("accept")).toBe(true);
    const rows = [...document.querySelectorAll<HTMLElement>("[data-testid^=measure-]")];
    expect(rows.map((row) => row.dataset.testid).sort()).toEqual([
      "measure-cheek_ratio",
      "measure-head_tilt",
    ]);
    expect(byId("measure-cheek_ratio").textContent).toContain("2.4");
  });

  test("the photo is shown large and at its print size, beside its measures in words", async () => {
    await stage(STEPS.review, "en");
    await waitFor(() => expect(byId<HTMLImageElement>("review-photo").src).toBe("blob:photo"));
    expect(byId("print-size-photo").style.width).toBe("33mm");
    expect(byId("print-size-photo").style.height).toBe("48mm");
    const width = byId("measure-face_width");
    expect(width.dataset.verdict).toBe("pass");
    expect(width.textContent?.replace(/\s+/g, " ")).toContain("Face width 237 px wanted 180 to 300");
    expect(byId("measure-file_size").textContent).toContain("35.8 KB");
    expect(byId("measure-background_uniformity").textContent).toContain("Not assessed");
  });

  test("a photo that can't be fetched is said", async () => {
    const { fake } = await stage({ ...STEPS.review, photo_id: null });
    fake.pictures = { ...fake.pictures, portrait: () => Promise.reject(new Error("gone")) };
    fake.showStep(STEPS.review);
    await waitFor(() => expect(byId("photo-unloadable")).toBeTruthy());
  });

  test("a refused shot says each reason and what to do; only retaking is left", async () => {
    await stage({ ...VARIANTS.refused, earlier: false });
    expect(byId("reason-head_tilted").textContent).toContain("请把头摆正");
    expect(byId("reason-too_dark").textContent).toContain("画面太暗");
    expect(missing("accept")).toBe(true);
    expect(missing("back")).toBe(true);
  });

  test("with no shot left there is no retaking", async () => {
    await stage({ ...STEPS.review, shots_left: 0 });
    expect(missing("retake")).toBe(true);
    expect(byId("accept")).toBeTruthy();
  });
});

test("printing says each job's state, and a fault in words", async () => {
  await stage(VARIANTS.held);
  expect(byId("job-sheet").dataset.state).toBe("held");
  expect(byId("job-sheet").textContent).toContain("打印机缺纸");
  expect(byId("job-receipt").dataset.state).toBe("done");
});

test("the last screens give the order's number, if there is one", async () => {
  await stage(STEPS.done);
  expect(byId("order-number").textContent).toBe("B7-0421-3");
  document.body.replaceChildren();
  await stage({ ...STEPS.staff_needed, order_number: null });
  expect(missing("order-number")).toBe(true);
});

test("the strip tells staff what is simulated, missing or at fault", async () => {
  await stage(STEPS.welcome, "en", {
    strip: [
      { code: "simulated_camera", fault: null },
      { code: "printer_fault", fault: "paper_jam" },
      { code: "refund_due", fault: null },
    ],
  });
  expect(byId("strip-simulated_camera").textContent).toBe("Simulated camera");
  expect(byId("strip-refund_due").textContent).toBe("Refund due");
  expect(byId("strip-printer_fault").textContent).toBe("Printer fault: Paper is jammed in the printer");
});

describe("what lies over every screen", () => {
  test("a refusal is said in the student's language until it is pressed away", async () => {
    const { fake } = await stage(STEPS.programme);
    fake.refuse("storage_failed");
    await press("programme-degree");
    expect(byId("error").textContent).toContain("无法保存数据");
    await press("dismiss-error");
    expect(missing("error")).toBe(true);
  });

  test("the last seconds of a screen are counted, and staying is a touch", async () => {
    vi.useFakeTimers();
    const { fake } = await stage(STEPS.programme, "en", { time_left_s: 31 });
    expect(missing("closing")).toBe(true);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(byId("closing").textContent).toContain("28 s");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(byId("closing").textContent).toContain("23 s");
    byId("stay").click();
    await vi.advanceTimersByTimeAsync(0);
    expect(fake.sent).toContainEqual({ type: "touch" });
    vi.useRealTimers();
  });
});
