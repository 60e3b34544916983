// The lines that a student fills in, and which refusal belongs to which.

import type { ErrorCode } from "../../backend/bindings";
import type { Key } from "../../i18n";
import type { KeyboardKind } from "../../keyboard/layouts";

export type FieldName = "name" | "number" | "phone" | "student_number";

interface Field {
  readonly name: FieldName;
  /** As in the test id `field-ID`. */
  readonly id: string;
  readonly label: Key;
  readonly keyboard: KeyboardKind;
  readonly maxlength: number;
  /** Masked while nobody types in it. */
  readonly secret: boolean;
  readonly refusedBy: ErrorCode;
}

export const FIELDS: readonly Field[] = [
  {
    name: "name",
    id: "name",
    label: "details.name",
    keyboard: "name",
    maxlength: 60,
    secret: false,
    refusedBy: "invalid_name",
  },
  {
    name: "number",
    id: "document-number",
    label: "details.number",
    keyboard: "code",
    maxlength: 24,
    secret: true,
    refusedBy: "invalid_document",
  },
  {
    name: "phone",
    id: "phone",
    label: "details.phone",
    keyboard: "digits",
    maxlength: 20,
    secret: true,
    refusedBy: "invalid_phone",
  },
  {
    name: "student_number",
    id: "student-number",
    label: "details.student_number",
    keyboard: "code",
    maxlength: 32,
    secret: false,
    refusedBy: "invalid_student_number",
  },
];

/** The refusal, if it is about this field. */
export function errorOf(name: FieldName, failure: ErrorCode | null): ErrorCode | null {
  const about = FIELDS.find((field) => field.refusedBy === failure);
  return about?.name === name ? failure : null;
}
