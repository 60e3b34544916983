// Welcome, programmes, ordering, paying, pictures from a stick, approval, orders: what each press sends, and what is said in place.

import { waitFor } from "@testing-library/svelte";
import jsQR from "jsqr";
import { describe, expect, test, vi } from "vitest";
import type { Step, StudentEvent } from "../../src/lib/backend/bindings";
import { DEGREE, GENERAL, MANY_SIZES } from "../../src/lib/backend/fake-programmes";
import { STEPS, VARIANTS } from "../../src/lib/backend/fake-views";
import { drawQr } from "../../src/lib/qr";
import { dayText } from "../../src/lib/format";
import { byId, missing, press, settled, stage, type } from "./stage";

const enabled = (testid: string) => !byId<HTMLButtonElement>(testid).disabled;

test.each<[string, Step, StudentEvent]>([
  ["my-orders", STEPS.welcome, { type: "open_account", language: "zh" }],
  ["pay-wechat_pay", VARIANTS.pay_choice, { type: "pay_by", means: "wechat_pay" }],
  ["pay-alipay", VARIANTS.pay_scan, { type: "pay_by", means: "alipay" }],
  ["pay-counter", VARIANTS.pay_choice, { type: "pay_by", means: "counter" }],
  ["pay-again", VARIANTS.pay_void, { type: "pay_by", means: "wechat_pay" }],
  ["pay-later", VARIANTS.pay_scan, { type: "log_out" }],
  ["use-stick", VARIANTS.briefing_stick, { type: "open_import" }],
  ["use-stick", VARIANTS.framing_stick, { type: "open_import" }],
  ["back", STEPS.import, { type: "back" }],
  ["go-on", VARIANTS.approval_later, { type: "finish" }],
  ["resume-order-1", STEPS.account, { type: "resume_order", order_id: "order-1" }],
  ["reprint-order-2", STEPS.account, { type: "reprint", order_id: "order-2" }],
  ["account-leave", STEPS.account, { type: "log_out" }],
])("%s of %o sends its event once, however often it is pressed", async (testid, step, event) => {
  const { fake, sent } = await stage(step);
  const release = fake.hold();
  byId(testid).click();
  await settled();
  document.querySelector<HTMLElement>(`[data-testid="${testid}"]`)?.click();
  release();
  await settled();
  expect(sent()).toEqual([event]);
});

describe("welcome", () => {
  test("each part has a sign; one that stops the student disables the start, orders can still be seen", async () => {
    await stage(VARIANTS.unable);
    expect(byId("part-camera").dataset.able).toBe("false");
    expect(byId("part-printer").textContent).toContain("The printer is out of paper");
    expect(byId("part-network").dataset.able).toBe("true");
    expect(enabled("start-zh")).toBe(false);
    expect(enabled("my-orders")).toBe(true);
  });

  test("a part that stops nobody is told, and the start works", async () => {
    await stage(VARIANTS.limited);
    expect(byId("part-network").textContent).toContain("The central server cannot be reached");
    expect(missing("unable")).toBe(true);
    expect(enabled("start-en")).toBe(true);
  });

  test("a part that stops is enough, whatever else is said", async () => {
    await stage({ ...VARIANTS.unable, able: true });
    expect(enabled("start-zh")).toBe(false);
  });

  test("a closed booth says so and lets nobody begin", async () => {
    await stage(VARIANTS.closed);
    expect(byId("closed").textContent).toContain("This booth is closed");
    for (const button of ["start-zh", "start-en", "my-orders"]) expect(enabled(button)).toBe(false);
  });

  test("the campus's notices and its message are told in both languages, the message until it was read", async () => {
    const { sent } = await stage(VARIANTS.campus_news);
    expect(byId("notice-1").textContent).toContain("until 20 June");
    expect(byId("notice-2").textContent).toContain("停机维护");
    expect(byId("message").textContent).toContain("five minutes");
    expect(enabled("start-zh")).toBe(true);
    await press("dismiss-message");
    expect(sent()).toEqual([{ type: "dismiss_message" }]);
    document.body.replaceChildren();
    await stage(STEPS.welcome);
    expect(missing("message")).toBe(true);
  });

  test("a text of one language is told once", async () => {
    await stage({ ...STEPS.welcome, notices: [{ zh: "停机", en: "停机" }] });
    expect(byId("notice-1").querySelectorAll("[lang]")).toHaveLength(1);
  });

  test("orders are opened in the language shown", async () => {
    const { sent } = await stage(STEPS.welcome, "en");
    await press("my-orders");
    expect(sent()).toEqual([{ type: "open_account", language: "en" }]);
  });
});

describe("programmes", () => {
  test("one that isn't open says when, and can't be chosen", async () => {
    const { sent } = await stage(VARIANTS.seasons, "en");
    expect(byId("season-degree").textContent).toContain("Closed on 30 Jun 2026");
    expect(byId("season-freshman").textContent).toContain("Opens on 20 Aug 2027");
    await press("programme-freshman");
    expect(sent()).toEqual([]);
  });

  test("one for those on the list says so", async () => {
    await stage(STEPS.programme);
    expect(byId("roster-degree").textContent).toContain("学校名单");
    expect(missing("roster-general")).toBe(true);
  });

  test.each(["not_entitled", "not_in_season"] as const)("%s is said with where to ask", async (code) => {
    const { fake } = await stage(STEPS.programme, "en");
    fake.refuse(code);
    await press("programme-degree");
    expect(byId("error").dataset.code).toBe(code);
    expect(byId("where-to-ask").textContent).toContain("room 101");
  });

  test("says one size as it is, and of several how many and from what price", async () => {
    const several = { ...DEGREE, id: "several", prints: MANY_SIZES.prints };
    await stage({ name: "programme", programmes: [GENERAL, DEGREE, several] }, "en");
    expect(byId("programme-general").textContent).toContain("One-inch 25×35 mm");
    expect(byId("programme-general").textContent).toContain("¥10.00 a sheet of 12");
    expect(byId("programme-degree").textContent).toContain("Prints in 2 sizes");
    expect(byId("programme-degree").textContent).not.toContain("from");
    expect(byId("programme-several").textContent).toContain("from ¥8.00 a sheet");
  });
});

describe("order", () => {
  const placed = (change: object) => [
    {
      type: "place_order",
      order: { sheets: [{ print: LARGE, sheets: 1 }], delivery: "here", mail: null, note: "", ...change },
    },
  ];
  const [LARGE, SMALLER] = DEGREE.prints.map(({ id }) => id);

  test("no paper and paper differ in what is sent and what it costs", async () => {
    const { sent } = await stage(STEPS.order);
    expect(byId("paper-some").getAttribute("aria-checked")).toBe("true");
    await press("paper-none");
    expect(byId("total").textContent).toBe("¥20.00");
    expect(missing("delivery-here"), "nothing to deliver").toBe(true);
    expect(missing("line-printed_sheet")).toBe(true);
    await press("paper-some");
    await press("sheets-plus");
    expect(byId("total").textContent).toBe("¥40.00");
    await press("delivery-counter");
    await press("place-order");
    expect(sent()).toEqual(placed({ sheets: [{ print: LARGE, sheets: 2 }], delivery: "counter" }));
  });

  test("a reprint has no electronic photo, and a sheet at least", async () => {
    await stage(VARIANTS.reprint);
    expect(missing("line-electronic_photo")).toBe(true);
    expect(missing("paper-none")).toBe(true);
    expect(enabled("sheets-minus")).toBe(false);
    expect(byId("total").textContent).toBe(`¥${(GENERAL.prints[0].sheet_fen / 100).toFixed(2)}`);
  });

  test("each size has its own number, line and price; together they stay within the most", async () => {
    const { sent } = await stage(STEPS.order);
    await press(`sheets-${SMALLER}-plus`);
    await press(`sheets-${SMALLER}-plus`);
    expect(byId("line-printed_sheet").textContent).toContain("大一寸 33×48 毫米");
    expect(byId("line-printed_sheet-2").textContent).toContain("一寸 25×35 毫米");
    expect(byId("line-printed_sheet-2").textContent).toContain("¥20.00");
    expect(byId("total").textContent).toBe("¥50.00");
    await press("sheets-plus");
    await press("sheets-plus");
    expect(enabled("sheets-plus") || enabled(`sheets-${SMALLER}-plus`), "five are the most").toBe(false);
    await press("place-order");
    const sheets = [
      { print: LARGE, sheets: 3 },
      { print: SMALLER, sheets: 2 },
    ];
    expect(sent()).toEqual(placed({ sheets }));
  });

  test("only sizes with sheets are sent; without any there is no paper", async () => {
    const { sent } = await stage(STEPS.order);
    await press(`sheets-${SMALLER}-plus`);
    await press("sheets-minus");
    expect(byId("paper-some").getAttribute("aria-checked")).toBe("true");
    await press("place-order");
    expect(sent()).toEqual(placed({ sheets: [{ print: SMALLER, sheets: 1 }] }));
    await press(`sheets-${SMALLER}-minus`);
    expect(byId("paper-none").getAttribute("aria-checked")).toBe("true");
    await press("paper-some");
    expect(byId("sheets-count").textContent, "a sheet of the usual size").toBe("1");
  });

  test("sizes at different prices are said from the cheapest on, and each at its own", async () => {
    await stage(VARIANTS.order_sizes, "en");
    expect(byId("paper-some").textContent).toContain("from ¥8.00");
    expect(byId("print-two_inch").textContent).toContain("6 photos a sheet, ¥12.00");
    expect(byId("sheets-two_inch-plus").getAttribute("aria-label")).toContain("Two-inch");
    await press("paper-none");
    expect(byId("paper-some").textContent, "one sheet of the usual size").toContain("¥25.00");
  });

  test("a reprint in several sizes is one sheet at least, of whatever size", async () => {
    const { sent } = await stage({ ...VARIANTS.reprint, programme: DEGREE });
    expect(enabled("sheets-minus")).toBe(false);
    await press(`sheets-${SMALLER}-plus`);
    await press("sheets-minus");
    expect(enabled(`sheets-${SMALLER}-minus`)).toBe(false);
    await press("place-order");
    expect(sent()).toEqual(placed({ sheets: [{ print: SMALLER, sheets: 1 }] }));
  });

  test("what was ordered can't be changed while the answer is awaited", async () => {
    const { fake, sent } = await stage(STEPS.order);
    const release = fake.hold();
    await press("place-order");
    for (const testid of [
      "sheets-plus",
      "sheets-minus",
      `sheets-${SMALLER}-plus`,
      "paper-none",
      "delivery-mail",
    ])
      await press(testid);
    expect(byId("total").textContent).toBe("¥30.00");
    expect(byId("delivery-here").getAttribute("aria-checked")).toBe("true");
    release();
    await settled();
    expect(sent()).toEqual(placed({}));
    expect(enabled("sheets-plus"), "awake again").toBe(true);
  });

  test("a programme without prints offers none", async () => {
    const { sent } = await stage(VARIANTS.order_electronic);
    expect(missing("sheets-plus")).toBe(true);
    await press("place-order");
    expect(sent()).toEqual(placed({ sheets: [] }));
  });

  test("a note is written on a screen of its own", async () => {
    const { sent } = await stage(STEPS.order);
    await press("note-edit");
    await type("field-note", "周五来取");
    await press("note-done");
    expect(byId("screen").textContent).toContain("周五来取");
    await press("place-order");
    expect(sent()).toEqual(placed({ note: "周五来取" }));
  });

  async function addressed() {
    const staged = await stage(STEPS.order, "en");
    await press("delivery-mail");
    await type("field-recipient", "林小满");
    await type("field-street", "珞喻路 1 号 3 栋 101");
    await press("mail-area");
    for (const code of ["420000", "420100", "420111"]) {
      await waitFor(() => byId(`area-${code}`));
      await press(`area-${code}`);
    }
    return staged;
  }

  test("mail asks for the address at once, district by province and city, and costs postage", async () => {
    const { sent } = await addressed();
    expect(byId("mail-area").textContent).toContain("湖北省 武汉市 洪山区");
    expect(byId("own-phone").textContent).toContain("138••••••00");
    await press("mail-done");
    expect(byId("address").textContent).toContain("洪山区 珞喻路 1 号 3 栋 101");
    expect(byId("line-postage").textContent).toContain("¥8.00");
    expect(byId("total").textContent).toBe("¥38.00");
    await press("place-order");
    const mail = { name: "林小满", phone: "", area_code: "420111", street: "珞喻路 1 号 3 栋 101" };
    expect(sent()).toEqual(placed({ delivery: "mail", mail }));
  });

  test("an incomplete address can be left, and not be ordered with", async () => {
    await stage(STEPS.order);
    await press("delivery-mail");
    expect(enabled("mail-done")).toBe(false);
    await press("mail-back");
    expect(enabled("place-order")).toBe(false);
    await press("delivery-here");
    expect(enabled("place-order")).toBe(true);
  });

  test("areas go back a list at a time, and at the first to the address", async () => {
    await stage(STEPS.order);
    await press("delivery-mail");
    await press("mail-area");
    await waitFor(() => byId("area-420000"));
    await press("area-420000");
    await waitFor(() => expect(byId("areas").dataset.level).toBe("city"));
    await press("area-back");
    await waitFor(() => expect(byId("areas").dataset.level).toBe("province"));
    await press("area-back");
    expect(byId("mail-area")).toBeTruthy();
  });

  test("a list that can't be had is said, and asked for again", async () => {
    const { fake } = await stage(STEPS.order);
    const areas = fake.areas.bind(fake);
    fake.areas = async () => ({ status: "error", error: { code: "internal", message: "unreadable" } });
    await press("delivery-mail");
    await press("mail-area");
    await waitFor(() => byId("areas-unlisted"));
    fake.areas = areas;
    await press("area-again");
    await waitFor(() => byId("area-110000"));
  });

  test.each([
    ["invalid_name", "field-error-recipient"],
    ["invalid_phone", "field-error-phone"],
    ["invalid_address", "field-error-street"],
    ["invalid_note", "field-error-note"],
  ] as const)("%s is said at its line, with what was typed kept", async (code, error) => {
    const { fake } = await addressed();
    await press("mail-done");
    fake.refuse(code);
    await press("place-order");
    expect(byId(error)).toBeTruthy();
    expect(byId<HTMLInputElement>("field-recipient").value).toBe("林小满");
    expect(missing("error"), "not said twice").toBe(true);
  });

  test("without mail a refused note goes to the note", async () => {
    const { fake } = await stage(STEPS.order);
    fake.refuse("invalid_note");
    await press("place-order");
    expect(byId("field-error-note")).toBeTruthy();
    expect(missing("field-recipient")).toBe(true);
  });
});

describe("pay", () => {
  test("the pad is behind the counter's button, and the code behind the others", async () => {
    const { fake } = await stage(VARIANTS.pay_choice);
    expect(missing("pin-1")).toBe(true);
    await press("pay-counter");
    await waitFor(() => byId("pin-7"));
    await press("pin-7");
    await press("pin-confirm");
    expect(fake.pins).toEqual(["7"]);
    fake.showStep(VARIANTS.pay_scan);
    await settled();
    expect(byId("pin-1"), "the counter was asked for").toBeTruthy();
    await press("pay-wechat_pay");
    await waitFor(() => expect(missing("pin-1")).toBe(true));
    expect(byId("online").dataset.means).toBe("wechat_pay");
  });

  test("a way that can't be used is said, and the choice stays", async () => {
    const { fake } = await stage(VARIANTS.pay_choice);
    fake.refuse("payment_unavailable");
    await press("pay-counter");
    expect(byId("error").dataset.code).toBe("payment_unavailable");
    expect(missing("pin-1")).toBe(true);
  });

  test("the code's time ticks down, then another can be asked for", async () => {
    vi.useFakeTimers();
    await stage(VARIANTS.pay_scan, "en");
    expect(byId("pay-left").textContent).toContain("4 min 47 s");
    await vi.advanceTimersByTimeAsync(2_100);
    expect(byId("pay-left").textContent).toContain("4 min 45 s");
    await vi.advanceTimersByTimeAsync(286_000);
    expect(missing("pay-qr")).toBe(true);
    expect(enabled("pay-again")).toBe(true);
    vi.useRealTimers();
  });

  test("without the network it says that what was paid counts; a simulated provider says that it is one", async () => {
    await stage(VARIANTS.pay_unreachable, "en");
    expect(byId("pay-unreachable").textContent).toContain("still counts");
    expect(missing("pay-waiting")).toBe(true);
    document.body.replaceChildren();
    await stage(VARIANTS.pay_simulated, "en");
    expect(byId("simulated").textContent).toContain("no money moves");
    expect(byId("pay-waiting")).toBeTruthy();
    expect(missing("back")).toBe(true);
  });
});

describe("QR codes", () => {
  /** Draws the path's runs as pixels, as the page does. */
  function pixels({ size, path }: { size: number; path: string }, scale: number): Uint8ClampedArray {
    const side = size * scale;
    const image = new Uint8ClampedArray(side * side * 4).fill(255);
    for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
      for (let row = +y * scale; row < (+y + 1) * scale; row++)
        for (let column = +x * scale; column < (+x + +run) * scale; column++)
          image.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3);
    }
    return image;
  }

  test.each([
    "weixin://wxpay/bizpayurl?pr=p4lpSuKzz",
    "HTTPS://PHOTO.CAMPUS.EXAMPLE/O/B704213",
    "订单 B7-0421-3",
    "x".repeat(400),
  ])("%s is read back by a decoder", (text) => {
    const code = drawQr(text);
    expect(code).not.toBeNull();
    const side = code!.size * 4;
    expect(jsQR(pixels(code!, 4), side, side)?.data).toBe(text);
  });

  test("nothing, and what is too long, is no code", async () => {
    expect(drawQr("")).toBeNull();
    expect(drawQr("x".repeat(1001))).toBeNull();
    await stage({ ...VARIANTS.done_here, follow: "x".repeat(5000) });
    expect(byId("follow-qr-unusable")).toBeTruthy();
  });
});

describe("import", () => {
  test("a picture is chosen, then used; it can't be with no shot left", async () => {
    const { fake, sent } = await stage(VARIANTS.import_pictures);
    expect(enabled("use-picture")).toBe(false);
    await press("picture-stick-2");
    expect(byId("picture-stick-2").getAttribute("aria-pressed")).toBe("true");
    expect(sent()).toEqual([]);
    await press("use-picture");
    expect(sent()).toEqual([{ type: "import_picture", picture_id: "stick-2" }]);
    fake.showStep({ ...VARIANTS.import_pictures, shots_left: 0 });
    await settled();
    expect(enabled("use-picture")).toBe(false);
  });

  test("many are shown a page at a time, and what was chosen goes with its stick", async () => {
    const { fake } = await stage(VARIANTS.import_many);
    expect(document.querySelectorAll("[data-testid^=picture-]")).toHaveLength(12);
    await press("pictures-later");
    await press("pictures-later");
    expect(document.querySelectorAll("[data-testid^=picture-]")).toHaveLength(7);
    await press("picture-stick-31");
    fake.showStep(VARIANTS.import_unreadable);
    await settled();
    expect(byId("stick-unreadable")).toBeTruthy();
    expect(enabled("use-picture")).toBe(false);
  });

  test("a picture that can't be drawn is a sign, not a lament", async () => {
    const { fake } = await stage(STEPS.import);
    fake.stickPicture = () => Promise.reject(new Error("damaged"));
    fake.showStep(VARIANTS.import_pictures);
    await waitFor(() => expect(document.querySelectorAll("[data-testid=photo-unloadable]")).toHaveLength(5));
  });
});

describe("approval", () => {
  test("staff approve or reject by their PIN, each once", async () => {
    const { fake } = await stage(STEPS.approval);
    expect(enabled("approve")).toBe(false);
    await press("pin-4");
    await press("approve");
    await press("pin-2");
    await press("reject");
    expect(fake.reviews).toEqual([
      { pin: "4", approved: true },
      { pin: "2", approved: false },
    ]);
    expect(missing("go-on")).toBe(true);
  });

  test("a wrong PIN is said at the pad", async () => {
    const { fake } = await stage(STEPS.approval, "en");
    fake.refuse("wrong_pin");
    await press("pin-1");
    await press("approve");
    expect(byId("pin-error").textContent).toContain("Wrong PIN");
    expect(missing("error")).toBe(true);
  });

  test("the office's review needs no pad", async () => {
    await stage(VARIANTS.approval_later);
    expect(missing("pin-1")).toBe(true);
    expect(byId("order-number").textContent).toBe("B7-0421-3");
  });
});

describe("account", () => {
  test("each order says its state, day, amount and delivery; only what can be done is offered", async () => {
    await stage(STEPS.account, "en");
    const words = byId("order-order-2").textContent?.replace(/\s+/g, " ");
    expect(words).toContain("Finished");
    expect(words).toContain("12 Nov 2026");
    expect(words).toContain("¥33.00");
    expect(words).toContain("By post");
    expect(missing("resume-order-2")).toBe(true);
    expect(missing("reprint-order-1")).toBe(true);
    await waitFor(() => expect(byId<HTMLImageElement>("order-photo-order-2").src).toBe("blob:photo"));
  });

  test("who came by the card sets a new password without the old one", async () => {
    const { sent } = await stage({ ...STEPS.account, asks_old: false });
    await press("change-password");
    expect(missing("field-old-password")).toBe(true);
    await type("field-new-password", "Maple7leaf");
    await press("password-change");
    expect(sent()).toEqual([{ type: "change_password", old: "", new: "Maple7leaf" }]);
  });

  test("a new password is sent, and said to hold", async () => {
    const { sent } = await stage(STEPS.account);
    await press("change-password");
    await type("field-old-password", "01001X");
    expect(enabled("password-change")).toBe(false);
    await type("field-new-password", "Maple7leaf");
    await press("password-change");
    expect(sent()).toEqual([{ type: "change_password", old: "01001X", new: "Maple7leaf" }]);
    await waitFor(() => byId("password-changed"));
  });

  test.each([
    ["wrong_password", "field-error-old-password"],
    ["password_locked", "field-error-old-password"],
    ["invalid_password", "field-error-new-password"],
  ] as const)("%s is said at its line", async (code, error) => {
    const { fake } = await stage(STEPS.account);
    await press("change-password");
    await type("field-old-password", "01001X");
    await type("field-new-password", "Maple7leaf");
    fake.refuse(code);
    await press("password-change");
    expect(byId(error)).toBeTruthy();
    expect(missing("error")).toBe(true);
  });

  test("deletion says what goes and what stays, and takes a second press", async () => {
    const { fake, sent } = await stage(STEPS.account, "en");
    await press("delete-me");
    expect(byId("delete-gone").textContent).toContain("photos");
    expect(byId("delete-kept").textContent).toContain("Payment records");
    await press("delete-keep");
    expect(sent()).toEqual([]);
    await press("delete-me");
    await press("delete-confirm");
    expect(sent()).toEqual([{ type: "request_deletion" }]);
    fake.showStep(VARIANTS.account_leaving);
    await settled();
    expect(byId("deletion-asked")).toBeTruthy();
    expect(missing("delete-me")).toBe(true);
  });
});

describe("done", () => {
  test.each([
    [null, "请取走小票"],
    ["here", "取走照片和小票"],
    ["counter", "凭订单号到服务台领取"],
    ["mail", "寄到您填写的地址"],
  ] as const)("delivery %s is said", async (delivery, words) => {
    await stage({ ...VARIANTS.done_here, delivery });
    expect(byId("screen").textContent).toContain(words);
  });

  test("the order can be followed by a code, and the seconds left are told", async () => {
    await stage(VARIANTS.done_here, "en", { time_left_s: 40 });
    expect(byId("follow-qr").getAttribute("aria-label")).toContain("follow");
    expect(byId("done-left").textContent).toContain("40 s");
    document.body.replaceChildren();
    await stage(STEPS.done);
    expect(missing("follow-qr")).toBe(true);
  });
});

test.each([
  ["2027-03-01", "zh", "2027年3月1日"],
  ["2027-03-01", "en", "1 Mar 2027"],
  ["soon", "en", "soon"],
] as const)("%s is %s %s", (day, language, words) => expect(dayText(day, language)).toBe(words));
