// Who is here for the first time: typed on either keyboard, masked, sent, refused.

import { expect, test, describe } from "vitest";
import { STEPS, VARIANTS } from "../../src/lib/backend/fake-views";
import { dateTyped } from "../../src/lib/components/student/form";
import { enabled, key, keys, value } from "./keys";
import { byId, missing, press, settled, stage, type } from "./stage";

const FIELDS = { "field-name": "林小满", "field-phone": "13800000000", "field-email": "lin@example.edu" };

async function fillIn(): Promise<void> {
  for (const [field, text] of Object.entries(FIELDS)) await type(field, text);
  await press("gender-female");
}

describe("a real keyboard", () => {
  test("what is typed is sent, with the gender", async () => {
    const { sent } = await stage(STEPS.register);
    expect(enabled("register")).toBe(false);
    await fillIn();
    expect(byId("gender-female").getAttribute("aria-checked")).toBe("true");
    await press("register");
    const details = {
      name: "林小满",
      phone: "13800000000",
      email: "lin@example.edu",
      gender: "female",
      birth: "",
    };
    expect(sent()).toEqual([{ type: "register", details }]);
  });

  test("the e-mail may stay empty, the rest may not", async () => {
    await stage(STEPS.register);
    await type("field-name", "林小满");
    await type("field-phone", "13800000000");
    expect(enabled("register"), "without a gender").toBe(false);
    await press("gender-male");
    expect(enabled("register")).toBe(true);
    await type("field-phone", " ");
    expect(enabled("register"), "without a phone").toBe(false);
  });

  test("what the document said is shown and isn't asked", async () => {
    const { sent } = await stage(VARIANTS.register_known_holder);
    expect(byId("seen-name").textContent).toBe("ALEXANDRA MAXIMILIANE VON HOHENSTEIN");
    expect(missing("field-name") && missing("gender-female")).toBe(true);
    await type("field-phone", "13800000000");
    await press("register");
    const details = { name: "", phone: "13800000000", email: "", gender: null, birth: "" };
    expect(sent()).toEqual([{ type: "register", details }]);
  });

  test("a date of birth is asked where the document doesn't say it, and sent as a day", async () => {
    const { fake, sent } = await stage(VARIANTS.register_birth);
    expect(byId("why-birth").textContent).toContain("14");
    await fillIn();
    expect(enabled("register"), "without the date").toBe(false);
    await type("field-birth", "20040501");
    fake.refuse("invalid_birth");
    await press("register");
    expect(sent()).toMatchObject([{ details: { birth: "2004-05-01" } }]);
    expect(byId("field-error-birth").textContent).toContain("20040501");
    expect(missing("error")).toBe(true);
    document.body.replaceChildren();
    await stage(STEPS.register);
    expect(missing("field-birth") && missing("why-birth")).toBe(true);
  });

  test.each([
    ["20040501", "2004-05-01"],
    ["2004-05-01", "2004-05-01"],
    ["2004-5-1", "2004-05-01"],
    [" 2004/05/01 ", "2004-05-01"],
    ["2004.5.11", "2004-05-11"],
    ["040501", "040501"],
    ["2004-05", "2004-05"],
  ])("%s is the day %s", (text, day) => expect(dateTyped(text)).toBe(day));

  test.each([
    ["invalid_name", "name"],
    ["invalid_phone", "phone"],
    ["invalid_email", "email"],
  ] as const)("%s is said at its field, and only there", async (code, field) => {
    const { fake } = await stage(STEPS.register);
    await fillIn();
    fake.refuse(code);
    await press("register");
    expect(byId(`field-error-${field}`)).toBeTruthy();
    expect(byId(`field-${field}`).getAttribute("aria-invalid")).toBe("true");
    expect(document.querySelectorAll("[data-testid^=field-error]")).toHaveLength(1);
    expect(missing("error")).toBe(true);
    expect(value("field-name"), "what was typed stays").toBe("林小满");
  });

  test.each(["name_differs", "storage_failed"] as const)("%s is said over the screen", async (code) => {
    const { fake } = await stage(STEPS.register);
    await fillIn();
    fake.refuse(code);
    await press("register");
    expect(byId("error").dataset.code).toBe(code);
  });

  test("the phone is masked for passers-by once the student types elsewhere", async () => {
    await stage(STEPS.register);
    await fillIn();
    const masks = [...document.querySelectorAll(".mask")].map((mask) => mask.textContent);
    expect(masks).toEqual(["138••••••00"]);
  });

  test("a name of forty characters, all of them rare, has room", async () => {
    const name = "𠀀".repeat(40);
    const { sent } = await stage(STEPS.register);
    await fillIn();
    expect(byId<HTMLInputElement>("field-name").maxLength).toBeGreaterThanOrEqual(name.length);
    await type("field-name", name);
    await press("register");
    expect(sent()).toMatchObject([{ details: { name } }]);
  });
});

describe("the on-screen keyboard", () => {
  test("pinyin offers characters; a press on one types it", async () => {
    await stage(STEPS.register);
    await keys("lin");
    const offered = [...document.querySelectorAll("[data-testid=candidate]")].map((one) => one.textContent);
    expect(offered).toContain("林");
    (document.querySelector("[data-testid=candidate]") as HTMLElement).click();
    await settled();
    expect(value("field-name")).toBe(offered[0]);
  });

  test("several syllables are typed at once and chosen one by one; space takes the first", async () => {
    await stage(STEPS.register);
    await keys("wangming");
    await key("{space}");
    await key("{space}");
    expect(value("field-name")).toBe("王明");
    await key("{erase}");
    expect(value("field-name")).toBe("王");
  });

  test("Latin letters are typed as they are, in both cases, with a space", async () => {
    await stage(STEPS.register);
    await key("{mode}");
    await key("{shift}");
    await keys("LI");
    await key("{shift}");
    await key("{space}");
    await keys("ba");
    expect(value("field-name")).toBe("LI ba");
  });

  test("an English session begins with Latin letters", async () => {
    await stage(STEPS.register, "en");
    await keys("ana");
    expect(value("field-name")).toBe("ana");
    expect(missing("candidates")).toBe(true);
  });

  test("'next' walks through the fields, each with the keys that it needs", async () => {
    await stage(STEPS.register);
    const kinds = [];
    for (let field = 0; field < 3; field++) {
      kinds.push(byId("keyboard").dataset.kind);
      await key("{next}");
    }
    expect(kinds).toEqual(["name", "digits", "email"]);
    expect(byId("keyboard").dataset.kind, "and around").toBe("name");
  });

  test("an e-mail address can be typed without a physical keyboard", async () => {
    await stage(STEPS.register);
    await key("{next}");
    await key("{next}");
    await keys("a.b_c-1@example.edu");
    expect(value("field-email")).toBe("a.b_c-1@example.edu");
  });

  test("digits go into the field that was touched, into the middle of what is there", async () => {
    await stage(STEPS.register);
    await type("field-phone", "1380000");
    const field = byId<HTMLInputElement>("field-phone");
    field.setSelectionRange(3, 3);
    await keys("77");
    expect(value("field-phone")).toBe("138770000");
  });
});
