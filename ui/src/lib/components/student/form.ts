// The lines that a student fills in, and which refusal belongs to which.

import type { ErrorCode } from "../../backend/bindings";
import type { Key } from "../../i18n";
import type { KeyboardKind } from "../../keyboard/layouts";

export interface FormField {
  /** As in the test id `field-ID`. */
  readonly id: string;
  readonly label: Key;
  /** How it is written. */
  readonly hint?: Key;
  readonly keyboard: KeyboardKind;
  /** In UTF-16 units, of which a rare character has two. */
  readonly maxlength: number;
  /** Masked while nobody types in it. */
  readonly secret?: boolean;
  /** A password that isn't to be seen. */
  readonly concealed?: boolean;
  /** May stay empty. */
  readonly optional?: boolean;
  /** The refusals that are about this line. */
  readonly refusedBy: readonly ErrorCode[];
}

/** What is typed, by the field's id. */
export type FormValues = Record<string, string>;

/** The refusal, if it is about this field. */
export function errorOf(field: FormField, failure: ErrorCode | null): ErrorCode | null {
  return failure !== null && field.refusedBy.includes(failure) ? failure : null;
}

/** Whether nothing is missing. */
export function isComplete(fields: readonly FormField[], values: FormValues): boolean {
  return fields.every(({ id, optional }) => optional || values[id].trim() !== "");
}

/**
 * A date as it is typed, such as `20040501`, `2004-5-1` or `2004/05/01`, as the booth takes it: `2004-05-01`. What is no date stays as
 * it is; the booth says so.
 */
export function dateTyped(text: string): string {
  const parts = /^\s*(\d{4})(?:(\d{2})(\d{2})|[-/. ](\d{1,2})[-/. ](\d{1,2}))\s*$/.exec(text);
  if (!parts) return text.trim();
  const [, year, month = parts[4], day = parts[5]] = parts;
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

export const NAME: FormField = {
  id: "name",
  label: "field.name",
  keyboard: "name",
  maxlength: 80,
  refusedBy: ["invalid_name"],
};

export const DOCUMENT_NUMBER: FormField = {
  id: "document-number",
  label: "field.number",
  keyboard: "code",
  maxlength: 24,
  secret: true,
  refusedBy: ["invalid_document"],
};

export const PHONE: FormField = {
  id: "phone",
  label: "field.phone",
  keyboard: "digits",
  maxlength: 20,
  secret: true,
  refusedBy: ["invalid_phone"],
};

export const EMAIL: FormField = {
  id: "email",
  label: "field.email",
  keyboard: "email",
  maxlength: 254,
  optional: true,
  refusedBy: ["invalid_email"],
};

export const BIRTH: FormField = {
  id: "birth",
  label: "field.birth",
  hint: "field.birth_hint",
  keyboard: "digits",
  maxlength: 12,
  secret: true,
  refusedBy: ["invalid_birth"],
};

export const STUDENT_NUMBER: FormField = {
  id: "student-number",
  label: "field.student_number",
  keyboard: "code",
  maxlength: 32,
  refusedBy: ["invalid_student_number"],
};

export const PASSWORD: FormField = {
  id: "password",
  label: "field.password",
  keyboard: "password",
  maxlength: 64,
  concealed: true,
  refusedBy: ["wrong_password"],
};

export const LAST_FOUR: FormField = {
  id: "last-four",
  label: "field.last_four",
  keyboard: "code",
  maxlength: 4,
  refusedBy: [],
};
