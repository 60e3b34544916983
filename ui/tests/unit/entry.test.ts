// From the guides to the collection code: what each press sends, what is said where.

import { waitFor } from "@testing-library/svelte";
import { describe, expect, test, vi } from "vitest";
import type {
  CardFaultCode,
  CodeRefusalCode,
  ShowAdviceCode,
  Step,
  StudentEvent,
} from "../../src/lib/backend/bindings";
import { DEGREE, FRESHMAN, GENERAL, STEPS, VARIANTS } from "../../src/lib/backend/fake-views";
import { WRONG_PORTRAITS } from "../../src/lib/components/student/portraits";
import { stagesOf } from "../../src/lib/components/student/stages";
import { translate } from "../../src/lib/i18n";
import { enabled, key, keys, value } from "./keys";
import { byId, LANGUAGES, missing, press, settled, stage, type } from "./stage";

test.each<[string, Step, StudentEvent]>([
  ["guide-skip", STEPS.guide, { type: "read_guides", skipped: true }],
  ["back", STEPS.guide, { type: "back" }],
  ["method-camera", STEPS.identify, { type: "identify_by", method: "camera" }],
  ["method-typed", STEPS.identify, { type: "identify_by", method: "typed" }],
  ["method-card", VARIANTS.identify_typed, { type: "identify_by", method: "card" }],
  ["back", STEPS.identify, { type: "back" }],
  ["confirm-document", VARIANTS.identify_camera_seen, { type: "confirm_document" }],
  ["discard-document", VARIANTS.identify_camera_seen, { type: "discard_document" }],
  ["forgot-password", STEPS.log_in, { type: "call_staff", called: true }],
  ["back", STEPS.log_in, { type: "back" }],
  ["back", STEPS.register, { type: "back" }],
  ["dispute-major", STEPS.details, { type: "dispute_details", fields: ["major"] }],
  ["dispute-major", VARIANTS.details_disputed, { type: "dispute_details", fields: ["class_name"] }],
  [
    "dispute-year",
    VARIANTS.details_disputed,
    { type: "dispute_details", fields: ["major", "class_name", "year"] },
  ],
  ["confirm-details", STEPS.details, { type: "confirm_details", student_number: "" }],
  ["back", STEPS.details, { type: "back" }],
  ["stick-p2", VARIANTS.code_stick, { type: "import_code", picture_id: "p2" }],
  ["discard-code", VARIANTS.code_read, { type: "discard_code" }],
  ["back", STEPS.code, { type: "back" }],
])("%s of %o sends its event once, however often it is pressed", async (testid, step, event) => {
  const { fake, sent } = await stage(step);
  const release = fake.hold();
  byId(testid).click();
  await settled();
  expect(enabled(testid), "dead while the answer is awaited").toBe(false);
  byId(testid).click();
  release();
  await settled();
  expect(sent()).toEqual([event]);
});

describe("the guides", () => {
  test("every page is shown before going on; dots say which", async () => {
    const { sent } = await stage(STEPS.guide);
    const pages = [];
    for (const guide of STEPS.guide.guides) {
      pages.push(byId("guide-page").dataset.page);
      expect(byId(`guide-${guide}`)).toBeTruthy();
      if (guide !== "steps") {
        expect(missing("guide-done"), "not before the last page").toBe(true);
        await press("guide-next");
      }
    }
    expect(pages).toEqual(["1", "2", "3"]);
    expect(missing("guide-next")).toBe(true);
    expect(sent(), "turning pages is the window's own").toEqual([]);
    await press("guide-done");
    expect(sent()).toEqual([{ type: "read_guides", skipped: false }]);
  });

  test("a page can be turned back", async () => {
    await stage(STEPS.guide);
    await press("guide-next");
    expect(missing("back")).toBe(true);
    await press("guide-previous");
    expect(byId("guide-collection_code")).toBeTruthy();
    expect(byId("back")).toBeTruthy();
  });

  test("who is here for the first time can't pass over them", async () => {
    await stage(VARIANTS.guide_first_time);
    expect(missing("guide-skip")).toBe(true);
  });

  test.each(LANGUAGES)(
    "the image standard has a picture of everything wrong, with words (%s)",
    async (language) => {
      await stage(VARIANTS.guide_first_time, language);
      for (const wrong of WRONG_PORTRAITS) {
        const item = byId(`wrong-${wrong}`);
        expect(item.querySelector("svg path, svg ellipse")).toBeTruthy();
        expect(item.textContent?.trim()).toBe(translate(language, `portrait.${wrong}`));
      }
    },
  );

  test.each([
    [DEGREE, ["identify", "code", "pay", "photo", "prints"]],
    [GENERAL, ["identify", "photo", "pay", "prints"]],
    [{ ...FRESHMAN, max_sheets: 0 }, ["identify", "photo"]],
  ])("the steps are in the programme's own order", (programme, stages) => {
    expect(stagesOf(programme)).toEqual(stages);
  });

  test("the last page says what it costs", async () => {
    await stage(VARIANTS.guide_first_time, "en");
    await press("guide-next");
    expect(byId("guide-price").textContent).toContain("¥15.00");
    expect(byId("guide-price").textContent).toContain("¥10.00 a sheet of 12");
  });
});

describe("identify", () => {
  test("the way that is chosen already sends nothing, one way alone needs no choice", async () => {
    const { sent, fake } = await stage(STEPS.identify);
    expect(byId("method-card").getAttribute("aria-pressed")).toBe("true");
    await press("method-card");
    expect(sent()).toEqual([]);
    fake.showStep({ ...VARIANTS.identify_typed, methods: ["typed"] });
    await settled();
    expect(missing("method-typed")).toBe(true);
  });

  test("the errand is in the title", async () => {
    await stage(VARIANTS.identify_account, "en");
    expect(byId("screen").textContent).toContain("My orders");
    expect(missing("progress"), "no way is walked").toBe(true);
  });

  test.each<CardFaultCode>(["pulled_away", "unreadable", "unknown_card", "expired", "not_yet_valid"])(
    "a card that is %s is said, and the reader's fault before it",
    async (card_fault) => {
      const { fake } = await stage({ ...STEPS.identify, card_fault });
      expect(byId("card-fault").textContent).toContain(translate("zh", `card_fault.${card_fault}`));
      fake.showStep({ ...STEPS.identify, card_fault, reader_fault: "reader_silent" });
      await settled();
      expect(byId("reader-fault").textContent).toContain("读卡器没有响应");
      expect(missing("card-fault")).toBe(true);
    },
  );

  test.each<ShowAdviceCode>([
    "nothing_seen",
    "move_closer",
    "glare",
    "hold_still",
    "cant_agree",
    "unavailable",
  ])("the camera's advice %s is in words, over a picture that isn't mirrored", async (advice) => {
    await stage({ ...VARIANTS.identify_camera, advice }, "en");
    await waitFor(() =>
      expect(byId("show-advice").textContent).toBe(translate("en", `show_advice.${advice}`)),
    );
    expect(byId("preview").classList.contains("mirrored")).toBe(false);
  });

  test("what was read is shown masked, in place of the picture", async () => {
    await stage(VARIANTS.identify_camera_seen);
    expect(byId("seen-number").textContent).toBe("110•••••••••••••1X");
    expect(byId("seen-name").textContent).toBe("林••");
    expect(missing("preview")).toBe(true);
  });

  test("a typed number is sent with its kind; a wrong one is said at the field", async () => {
    const { fake, sent } = await stage(VARIANTS.identify_typed);
    expect(enabled("submit-document")).toBe(false);
    await press("document-kind-passport");
    await keys("E12345678");
    fake.refuse("invalid_document");
    await press("submit-document");
    expect(sent()).toEqual([{ type: "type_document", kind: "passport", number: "E12345678" }]);
    expect(byId("field-error-document-number").textContent).toContain("证件号码不正确");
    expect(missing("error")).toBe(true);
    expect(value("field-document-number"), "what was typed stays").toBe("E12345678");
  });

  test.each(["under14", "not_known", "not_entitled", "already_collected"] as const)(
    "%s is said over the screen",
    async (code) => {
      const { fake } = await stage(VARIANTS.identify_typed);
      await type("field-document-number", "E12345678");
      fake.refuse(code);
      await press("submit-document");
      expect(byId("error").dataset.code).toBe(code);
    },
  );
});

describe("log in", () => {
  test("a password is sent and not kept, whatever comes of it", async () => {
    const { fake, sent } = await stage(STEPS.log_in);
    await keys("12001X");
    fake.refuse("wrong_password");
    await press("log-in");
    expect(sent()).toEqual([{ type: "log_in", password: "12001X" }]);
    await settled();
    expect(value("field-password")).toBe("");
    expect(byId("field-error-password")).toBeTruthy();
    expect(missing("error")).toBe(true);
  });

  test("a password of one's own has both cases and signs", async () => {
    await stage(VARIANTS.log_in_wrong);
    await keys("ab");
    await key("{shift}");
    await keys("CD");
    await keys("1@");
    expect(value("field-password")).toBe("abCD1@");
  });

  test("the password is dots until it is wanted seen", async () => {
    await stage(STEPS.log_in);
    expect(byId("field-password").classList.contains("concealed")).toBe(true);
    await press("show-password");
    expect(byId("field-password").classList.contains("concealed")).toBe(false);
  });

  test("the hint about the first password stands there only while it holds", async () => {
    const { fake } = await stage(STEPS.log_in, "en");
    expect(byId("first-password").textContent).toContain("last six");
    fake.showStep(VARIANTS.log_in_wrong);
    await settled();
    expect(missing("first-password")).toBe(true);
    expect(byId("tries-left").textContent).toContain("Tries left: 2");
  });

  test("a pause counts down, and nothing can be sent meanwhile", async () => {
    vi.useFakeTimers();
    await stage({ ...VARIANTS.log_in_locked, locked_s: 5 }, "en");
    await type("field-password", "secret");
    expect(enabled("log-in")).toBe(false);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(byId("password-locked").textContent).toContain("3 s");
    await vi.advanceTimersByTimeAsync(4_000);
    expect(missing("password-locked")).toBe(true);
    expect(enabled("log-in")).toBe(true);
    vi.useRealTimers();
  });

  test("once staff are called, that is said instead", async () => {
    await stage(STEPS.log_in, "zh", { called: true });
    expect(missing("forgot-password")).toBe(true);
    expect(byId("staff-coming")).toBeTruthy();
  });
});

describe("details", () => {
  test("each row says its detail, the gender in words", async () => {
    await stage(STEPS.details, "en");
    for (const { field } of STEPS.details.rows) expect(byId(`dispute-${field}`)).toBeTruthy();
    expect(byId("detail-gender").textContent).toContain("Female");
    expect(byId("detail-college").textContent).toContain("计算机与信息工程学院");
    expect(missing("not-on-roster") && missing("disputed") && missing("field-student-number")).toBe(true);
  });

  test("a row marked wrong is seen, and told to be looked into", async () => {
    await stage(VARIANTS.details_disputed);
    expect(byId("dispute-major").getAttribute("aria-pressed")).toBe("true");
    expect(byId("dispute-year").getAttribute("aria-pressed")).toBe("false");
    expect(byId("disputed")).toBeTruthy();
  });

  test("without a roster the student number is typed, and refused in place", async () => {
    const { fake, sent } = await stage(VARIANTS.details_unlisted);
    expect(byId("not-on-roster")).toBeTruthy();
    expect(enabled("confirm-details")).toBe(false);
    await keys("2023110421");
    fake.refuse("invalid_student_number");
    await press("confirm-details");
    expect(sent()).toEqual([{ type: "confirm_details", student_number: "2023110421" }]);
    expect(byId("field-error-student-number")).toBeTruthy();
    expect(missing("error")).toBe(true);
  });
});

describe("the collection code", () => {
  const REFUSALS: readonly CodeRefusalCode[] = [
    "web_link",
    "payment_code",
    "too_large",
    "several",
    "not_a_code",
    "other_person",
    "used",
    "no_code",
    "unreadable_picture",
  ];

  test.each(REFUSALS)("%s is said in both languages, while looking and once read", async (refusal) => {
    for (const language of LANGUAGES) {
      const { fake } = await stage({ ...STEPS.code, refusal }, language);
      expect(byId("code-refusal").textContent).toContain(translate(language, `code_refusal.${refusal}`));
      fake.showStep({ ...VARIANTS.code_read, refusal });
      await settled();
      expect(byId("code-refusal").textContent).toContain(translate(language, `code_refusal.${refusal}`));
      document.body.replaceChildren();
    }
  });

  test("a used code's day is said", async () => {
    await stage(VARIANTS.code_refused, "en");
    expect(byId("code-refusal").textContent).toContain("2027-03-01");
  });

  test("the picture is there, and the last four are sent", async () => {
    const { sent } = await stage(VARIANTS.code_read);
    await waitFor(() => expect(byId<HTMLImageElement>("code-picture").src).toBe("blob:photo"));
    await keys("001");
    expect(enabled("confirm-code"), "three are not four").toBe(false);
    await keys("X9");
    expect(value("field-last-four"), "a fifth has no room").toBe("001X");
    await press("confirm-code");
    expect(sent()).toEqual([{ type: "confirm_code", last_four: "001X" }]);
  });

  test("what was typed for one code is not left for the next", async () => {
    const { fake } = await stage(VARIANTS.code_read);
    await keys("001X");
    fake.showStep(STEPS.code);
    await settled();
    fake.showStep(VARIANTS.code_read);
    await settled();
    expect(value("field-last-four")).toBe("");
  });

  test("without a camera its fault is said; the stick still serves", async () => {
    await stage(VARIANTS.code_no_camera, "en");
    expect(byId("camera-fault").textContent).toBe("The camera was unplugged");
    expect(byId("stick").textContent).toContain("cannot be read");
  });

  test.each([
    ["none", undefined],
    ["pictures", "no pictures"],
  ] as const)("a stick with %s on it is said", async (state, words) => {
    await stage({ ...STEPS.code, stick: state === "none" ? { state } : { state, pictures: [] } }, "en");
    expect(byId("stick").dataset.state).toBe(state);
    if (words) expect(byId("stick").textContent).toContain(words);
  });

  /** A scanner's keys, a millisecond apart. */
  async function scan(text: string): Promise<void> {
    [...text, "Enter"].forEach((pressed, at) => {
      const event = new KeyboardEvent("keydown", { key: pressed, bubbles: true, cancelable: true });
      Object.defineProperty(event, "timeStamp", { value: 1000 + at });
      (document.activeElement ?? document.body).dispatchEvent(event);
    });
    await settled();
  }

  test("a scanner's text is sent while a code is looked for", async () => {
    const { sent } = await stage(STEPS.code);
    byId("back").focus();
    await scan("XXCJ-2027-000421");
    expect(sent()).toEqual([{ type: "scan_code", text: "XXCJ-2027-000421" }]);
  });

  test("a scan goes on while the booth's answers come", async () => {
    const { fake, sent } = await stage(STEPS.code);
    const text = "XXCJ-2027-000421";
    for (const [at, pressed] of [...text, "Enter"].entries()) {
      const event = new KeyboardEvent("keydown", { key: pressed, bubbles: true, cancelable: true });
      Object.defineProperty(event, "timeStamp", { value: 1000 + at });
      document.body.dispatchEvent(event);
      fake.showStep({ ...STEPS.code });
      await settled();
    }
    expect(sent()).toEqual([{ type: "scan_code", text }]);
  });

  test("what is scanned while an event is under way is sent behind it", async () => {
    const { fake, session, sent } = await stage(STEPS.code);
    const release = fake.hold();
    const called = session.callStaff();
    await scan("XXCJ-2027-000421");
    expect(sent()).toHaveLength(1);
    release();
    await called;
    await settled();
    expect(sent()[1]).toEqual({ type: "scan_code", text: "XXCJ-2027-000421" });
  });

  test("and leaves the last four alone once one was read", async () => {
    const { sent } = await stage(VARIANTS.code_read);
    await scan("XXCJ-2027-000421");
    expect(sent()).toEqual([]);
  });
});
