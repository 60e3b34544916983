// The details: typed on either keyboard, masked, sent, refused.

import { expect, test, describe } from "vitest";
import { STEPS } from "../../src/lib/backend/fake-views";
import { byId, missing, press, settled, stage, type } from "./stage";

const FIELDS = {
  "field-name": "林小满",
  "field-document-number": "E12345678",
  "field-phone": "13800000000",
  "field-student-number": "20260001",
};

async function fillIn(): Promise<void> {
  for (const [field, text] of Object.entries(FIELDS)) await type(field, text);
}

/** Presses a key of the on-screen keyboard the way a finger does. */
async function key(name: string): Promise<void> {
  const button = document.querySelector(`[data-skbtn="${name}"]`);
  button!.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, cancelable: true }));
  button!.dispatchEvent(new PointerEvent("pointerup", { bubbles: true, cancelable: true }));
  await settled();
}

async function keys(names: string): Promise<void> {
  for (const name of names) await key(name);
}

function value(field: string): string {
  return byId<HTMLInputElement>(field).value;
}

describe("a real keyboard", () => {
  test("what is typed is sent, with the kind of document", async () => {
    const { sent } = await stage(STEPS.details);
    expect(byId<HTMLButtonElement>("submit-details").disabled).toBe(true);
    await press("document-kind-passport");
    expect(byId("document-kind-passport").getAttribute("aria-checked")).toBe("true");
    await fillIn();
    await press("submit-details");
    expect(sent()).toEqual([
      {
        type: "submit_details",
        details: {
          name: "林小满",
          document_kind: "passport",
          document_number: "E12345678",
          phone: "13800000000",
          student_number: "20260001",
        },
      },
    ]);
  });

  test.each([
    ["invalid_name", "name"],
    ["invalid_document", "document-number"],
    ["invalid_phone", "phone"],
    ["invalid_student_number", "student-number"],
  ] as const)("%s is said at its field, and only there", async (code, field) => {
    const { fake } = await stage(STEPS.details);
    await fillIn();
    fake.refuse(code);
    await press("submit-details");
    expect(byId(`field-error-${field}`)).toBeTruthy();
    expect(byId(`field-${field}`).getAttribute("aria-invalid")).toBe("true");
    expect(document.querySelectorAll("[data-testid^=field-error]")).toHaveLength(1);
    expect(missing("error")).toBe(true);
    expect(value("field-name"), "what was typed stays").toBe("林小满");
  });

  test.each(["under14", "already_collected"] as const)("%s is said over the screen", async (code) => {
    const { fake } = await stage(STEPS.details);
    await fillIn();
    fake.refuse(code);
    await press("submit-details");
    expect(byId("error").dataset.code).toBe(code);
  });

  test("numbers are masked for passers-by once the student types elsewhere", async () => {
    await stage(STEPS.details);
    await fillIn();
    const masks = [...document.querySelectorAll(".mask")].map((mask) => mask.textContent);
    expect(masks).toEqual(["E12••••78", "138••••••00"]);
  });
});

describe("the on-screen keyboard", () => {
  test("pinyin offers characters; a press on one types it", async () => {
    await stage(STEPS.details);
    await keys("lin");
    const offered = [...document.querySelectorAll("[data-testid=candidate]")].map((one) => one.textContent);
    expect(offered).toContain("林");
    (document.querySelector("[data-testid=candidate]") as HTMLElement).click();
    await settled();
    expect(value("field-name")).toBe(offered[0]);
  });

  test("several syllables are typed at once and chosen one by one; space takes the first", async () => {
    await stage(STEPS.details);
    await keys("wangming");
    await key("{space}");
    await key("{space}");
    expect(value("field-name")).toBe("王明");
    await key("{erase}");
    expect(value("field-name")).toBe("王");
  });

  test("Latin letters are typed as they are, in both cases, with a space", async () => {
    await stage(STEPS.details);
    await key("{mode}");
    await key("{shift}");
    await keys("LI");
    await key("{shift}");
    await key("{space}");
    await keys("ba");
    expect(value("field-name")).toBe("LI ba");
  });

  test("an English session begins with Latin letters", async () => {
    await stage(STEPS.details, "en");
    await keys("ana");
    expect(value("field-name")).toBe("ana");
    expect(missing("candidates")).toBe(true);
  });

  test("'next' walks through the fields, each with the keys that it needs", async () => {
    await stage(STEPS.details);
    const kinds = [];
    for (let field = 0; field < 4; field++) {
      kinds.push(byId("keyboard").dataset.kind);
      await key("{next}");
    }
    expect(kinds).toEqual(["name", "code", "digits", "code"]);
    expect(byId("keyboard").dataset.kind, "and around").toBe("name");
  });

  test("digits go into the field that was touched, into the middle of what is there", async () => {
    await stage(STEPS.details);
    await type("field-phone", "1380000");
    const field = byId<HTMLInputElement>("field-phone");
    field.setSelectionRange(3, 3);
    await keys("77");
    expect(value("field-phone")).toBe("138770000");
  });
});
