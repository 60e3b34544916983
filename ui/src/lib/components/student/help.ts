// Which questions the help answers at which step. Every step has some: the type check asks for a new one's.

import type { StepName } from "../../backend/backend";
import type { Key } from "../../i18n";

/** What is asked, as `help.TOPIC.q` and `help.TOPIC.a`. */
export type Topic = Extract<Key, `help.${string}.q`> extends `help.${infer Name}.q` ? Name : never;

export const TOPICS: Readonly<Record<StepName, readonly Topic[]>> = {
  welcome: ["what", "cost", "long", "alone"],
  programme: ["which", "cost", "entitled"],
  guide: ["code", "wear", "long"],
  identify: ["document", "reader", "kept"],
  log_in: ["password", "forgotten"],
  register: ["typing", "kept", "deleted"],
  consent: ["refuse", "kept", "deleted"],
  details: ["wrong", "unlisted", "kept"],
  code: ["code", "unread", "last_four"],
  order: ["sheets", "electronic", "cost"],
  pay: ["paying", "leaving", "paid", "refund"],
  briefing: ["wear", "glasses", "time"],
  framing: ["automatic", "glasses", "fails"],
  countdown: ["automatic", "fails"],
  processing: ["altered", "long"],
  import: ["stick", "fails", "altered"],
  approval: ["approval", "altered", "later"],
  account: ["reprint", "password", "deleted"],
  review: ["altered", "measures", "fails"],
  printing: ["nothing", "electronic"],
  done: ["later", "electronic", "deleted"],
  staff_needed: ["lost", "refund"],
};
