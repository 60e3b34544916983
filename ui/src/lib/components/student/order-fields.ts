// The lines that are typed for an order.

import { NAME, PHONE, type FormField } from "./form";

/** A word to the staff. */
export const NOTE: FormField = {
  id: "note",
  label: "order.note_label",
  keyboard: "name",
  maxlength: 60,
  optional: true,
  refusedBy: ["invalid_note"],
};

/** Where prints are sent; without a telephone the student's own holds. */
export const MAIL: readonly FormField[] = [
  { ...NAME, id: "recipient", label: "mail.name" },
  { ...PHONE, label: "mail.phone", optional: true },
  {
    id: "street",
    label: "mail.street",
    keyboard: "name",
    maxlength: 100,
    refusedBy: ["invalid_address"],
  },
  NOTE,
];
