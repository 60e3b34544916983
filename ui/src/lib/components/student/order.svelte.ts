// What a student is about to order. The booth reckons the order itself; this is for the screen. Nothing here outlives the screen.

import type { AreaView, DeliveryCode, LineView, OrderInput, ProgrammeView } from "../../backend/bindings";
import { isComplete, type FormValues } from "./form";
import { MAIL } from "./order-fields";

export class OrderDraft {
  readonly programme: ProgrammeView;
  /** Whether it is for more prints of an earlier photo: then there is no electronic photo to pay for. */
  readonly reprint: boolean;
  sheets = $state(0);
  delivery = $state<DeliveryCode>("here");
  /** What is typed about where to and to whom, and a word to the staff. */
  typed = $state<FormValues>({ recipient: "", phone: "", street: "", note: "" });
  /** The province, the city and the district, as far as they were chosen. */
  areas = $state.raw<readonly AreaView[]>([]);

  constructor(programme: ProgrammeView, reprint: boolean) {
    this.programme = programme;
    this.reprint = reprint;
    this.sheets = Math.min(1, programme.max_sheets);
    this.delivery = programme.delivery[0] ?? "here";
  }

  get least(): number {
    return this.reprint ? 1 : 0;
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
    const { photo_fen, sheet_fen, postage_fen } = this.programme;
    const lines: LineView[] = [];
    if (!this.reprint) lines.push({ item: "electronic_photo", quantity: 1, amount_fen: photo_fen });
    if (this.sheets > 0)
      lines.push({ item: "printed_sheet", quantity: this.sheets, amount_fen: this.sheets * sheet_fen });
    if (this.mailed) lines.push({ item: "postage", quantity: 1, amount_fen: postage_fen });
    return lines;
  }

  get total_fen(): number {
    return this.lines.reduce((sum, line) => sum + line.amount_fen, 0);
  }

  input(): OrderInput {
    const { recipient: name, phone, street, note } = this.typed;
    const area_code = this.areas.at(-1)?.code ?? "";
    return {
      sheets: this.sheets,
      delivery: this.sheets > 0 ? this.delivery : (this.programme.delivery[0] ?? "here"),
      mail: this.mailed ? { name, phone, area_code, street } : null,
      note,
    };
  }
}
