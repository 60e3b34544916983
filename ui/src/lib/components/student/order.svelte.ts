// What a student is about to order. The booth reckons the order itself; this is for the screen. Nothing here outlives the screen.

import type {
  AreaView,
  DeliveryCode,
  LineView,
  OrderInput,
  PrintView,
  ProgrammeView,
} from "../../backend/bindings";
import { isComplete, type FormValues } from "./form";
import { MAIL } from "./order-fields";

export class OrderDraft {
  readonly programme: ProgrammeView;
  /** Whether it is for more prints of an earlier photo: then there is no electronic photo to pay for. */
  readonly reprint: boolean;
  /** How many sheets of each size, by the size's name. */
  #sheets = $state<Record<string, number>>({});
  delivery = $state<DeliveryCode>("here");
  /** What is typed about where to and to whom, and a word to the staff. */
  typed = $state<FormValues>({ recipient: "", phone: "", street: "", note: "" });
  /** The province, the city and the district, as far as they were chosen. */
  areas = $state.raw<readonly AreaView[]>([]);

  constructor(programme: ProgrammeView, reprint: boolean) {
    this.programme = programme;
    this.reprint = reprint;
    this.wantPaper();
    this.delivery = programme.delivery[0] ?? "here";
  }

  /** The sizes that there are. */
  get prints(): readonly PrintView[] {
    return this.programme.max_sheets > 0 ? this.programme.prints : [];
  }

  /** All sheets, of whatever size. */
  get sheets(): number {
    return this.prints.reduce((sum, { id }) => sum + this.sheetsOf(id), 0);
  }

  sheetsOf(id: string): number {
    return this.#sheets[id] ?? 0;
  }

  setSheets(id: string, sheets: number): void {
    this.#sheets[id] = sheets;
  }

  /** The fewest sheets of a size: more prints of a photo are one at least, of whatever size. */
  leastOf(id: string): number {
    return Math.max(0, (this.reprint ? 1 : 0) - (this.sheets - this.sheetsOf(id)));
  }

  /** The most sheets of a size, with those of the others as they are. */
  mostOf(id: string): number {
    return this.programme.max_sheets - (this.sheets - this.sheetsOf(id));
  }

  wantNoPaper(): void {
    this.#sheets = {};
  }

  /** A sheet of the usual size, unless there are some already. */
  wantPaper(): void {
    const usual = this.prints[0];
    if (usual && this.sheets === 0) this.setSheets(usual.id, 1);
  }

  /** What the prints come to; where there are none, what one sheet of the usual size would. */
  get prints_fen(): number {
    if (this.sheets === 0) return this.prints[0]?.sheet_fen ?? 0;
    return this.prints.reduce((sum, { id, sheet_fen }) => sum + this.sheetsOf(id) * sheet_fen, 0);
  }

  get mailed(): boolean {
    return this.sheets > 0 && this.delivery === "mail";
  }

  get areaNames(): string {
    return this.areas.map(({ name }) => name).join(" ");
  }

  /** Whether a letter could be addressed. Whether it arrives, the booth judges. */
  get addressed(): boolean {
    const district = this.areas.at(-1);
    return district !== undefined && !district.divided && isComplete(MAIL, this.typed);
  }

  get complete(): boolean {
    return !this.mailed || this.addressed;
  }

  get lines(): LineView[] {
    const { photo_fen, postage_fen } = this.programme;
    const once = { quantity: 1, title: null };
    const lines: LineView[] = [];
    if (!this.reprint) lines.push({ item: "electronic_photo", ...once, amount_fen: photo_fen });
    for (const { id, title, sheet_fen } of this.prints) {
      const quantity = this.sheetsOf(id);
      if (quantity > 0)
        lines.push({ item: "printed_sheet", quantity, title, amount_fen: quantity * sheet_fen });
    }
    if (this.mailed) lines.push({ item: "postage", ...once, amount_fen: postage_fen });
    return lines;
  }

  get total_fen(): number {
    return this.lines.reduce((sum, line) => sum + line.amount_fen, 0);
  }

  input(): OrderInput {
    const { recipient: name, phone, street, note } = this.typed;
    const area_code = this.areas.at(-1)?.code ?? "";
    return {
      sheets: this.prints
        .map(({ id }) => ({ print: id, sheets: this.sheetsOf(id) }))
        .filter(({ sheets }) => sheets > 0),
      delivery: this.sheets > 0 ? this.delivery : (this.programme.delivery[0] ?? "here"),
      mail: this.mailed ? { name, phone, area_code, street } : null,
      note,
    };
  }
}
