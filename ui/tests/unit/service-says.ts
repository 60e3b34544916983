// What the screens of ordering, paying, approval and orders say, as `screens.test.ts` looks for it.

import type { SERVICE_STEPS, SERVICE_VARIANTS } from "../../src/lib/backend/fake-views-service";
import type { Key } from "../../src/lib/i18n";

export const SERVICE_SAYS: Record<keyof typeof SERVICE_STEPS | keyof typeof SERVICE_VARIANTS, Key> = {
  welcome: "welcome.title",
  unable: "welcome.unable",
  limited: "fault.central_unreachable",
  no_network: "fault.no_network",
  programme: "programme.title",
  seasons: "programme.not_yet",
  order: "order.prints",
  order_free: "pay_when.by_school",
  order_electronic: "order.plain",
  order_sizes: "order.prints",
  reprint: "order.reprint",
  pay: "pay.title",
  locked: "pay.title",
  pay_choice: "pay.choose",
  pay_scan: "pay.scan_title",
  pay_simulated: "pay.simulated",
  pay_unreachable: "pay.unreachable",
  pay_void: "pay.void",
  import: "import.none",
  import_unreadable: "import.unreadable",
  import_empty: "import.empty",
  import_pictures: "import.title",
  import_many: "import.later",
  approval: "approval.staff",
  approval_locked: "approval.staff",
  approval_later: "approval.office",
  account: "account.lead",
  account_empty: "account.empty",
  account_leaving: "account.deletion_asked",
  done: "done.title",
  done_here: "done.follow",
  done_mail: "done.lead_mail",
};
