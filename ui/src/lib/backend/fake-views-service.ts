// The steps of what is ordered, paid, approved and looked up again, each in the states that need other words or another layout.

import type { StepOf } from "./backend";
import type { OnlineView, OrderView, PartView, PictureView, Step } from "./bindings";
import { DEGREE, FRESHMAN, GENERAL, MANY_SIZES } from "./fake-programmes";

const PHOTO_ID = "018f6f6e-0000-7000-8000-000000000001";
const NUMBER = "B7-0421-3";

const PARTS: PartView[] = (["camera", "printer", "network", "payment", "card_reader"] as const).map(
  (part) => ({
    part,
    able: true,
    stops: part === "camera" || part === "payment",
    fault: null,
  }),
);

const ONLINE: OnlineView = {
  means: "wechat_pay",
  code_url: "weixin://wxpay/bizpayurl?pr=p4lpSuKzz",
  seconds_left: 287,
  reachable: true,
  simulated: false,
};

const ORDER: OrderView = {
  id: "order-1",
  number: NUMBER,
  title: DEGREE.title,
  state: "photo_missing",
  amount_fen: 3000,
  photo_id: null,
  delivery: "here",
  day: "2027-03-01",
  reprint: false,
  can_resume: true,
  can_reprint: false,
  rejection: null,
};

const ORDERS: OrderView[] = [
  ORDER,
  {
    ...ORDER,
    id: "order-2",
    number: "B7-0398-6",
    title: GENERAL.title,
    state: "finished",
    photo_id: PHOTO_ID,
    delivery: "mail",
    amount_fen: 3300,
    day: "2026-11-12",
    can_resume: false,
    can_reprint: true,
  },
  {
    ...ORDER,
    id: "order-3",
    number: "B7-0377-1",
    state: "prints_coming",
    photo_id: PHOTO_ID,
    delivery: "counter",
    reprint: true,
    can_resume: false,
  },
  { ...ORDER, id: "order-4", number: "B7-0121-9", state: "refunded", delivery: null, can_resume: false },
];

function pictures(count: number): PictureView[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `stick-${at + 1}`,
    name: at === 1 ? "微信图片_20270228173519_毕业证件照_最终版.jpg" : `DSC0${4100 + at}.JPG`,
  }));
}

type Served = "welcome" | "programme" | "order" | "pay" | "import" | "approval" | "account" | "done";

export const SERVICE_STEPS: { readonly [Name in Served]: StepOf<Name> } = {
  welcome: {
    name: "welcome",
    able: true,
    closed: false,
    faults: [],
    notices: [],
    message: null,
    min_price_fen: 1500,
    parts: PARTS,
  },
  programme: { name: "programme", programmes: [DEGREE, FRESHMAN, GENERAL] },
  order: { name: "order", programme: DEGREE, reprint: false, phone: "138••••••00" },
  pay: {
    name: "pay",
    means: ["counter"],
    online: null,
    order_number: NUMBER,
    amount_fen: 3000,
    lines: [
      { item: "electronic_photo", quantity: 1, amount_fen: 2000, title: null },
      { item: "printed_sheet", quantity: 1, amount_fen: 1000, title: DEGREE.prints[0].title },
    ],
    pin_locked_s: null,
    back: true,
  },
  import: { name: "import", stick: { state: "none" }, shots_left: 3 },
  approval: {
    name: "approval",
    order_number: NUMBER,
    photo_id: PHOTO_ID,
    by_staff: true,
    pin_locked_s: null,
  },
  account: {
    name: "account",
    holder: "林••",
    orders: ORDERS,
    first_password: false,
    asks_old: true,
    deletion_asked: false,
  },
  done: { name: "done", order_number: NUMBER, follow: null, delivery: null },
};

const { welcome, order, pay, account, approval, done } = SERVICE_STEPS;
const choice = { ...pay, means: ["wechat_pay", "alipay", "counter"] as const };
const scan = { ...pay, means: [...choice.means], online: ONLINE };

export const SERVICE_VARIANTS = {
  unable: {
    ...welcome,
    able: false,
    faults: ["camera_unplugged", "out_of_paper"],
    parts: PARTS.map((one) =>
      one.part === "camera"
        ? { ...one, able: false, fault: "camera_unplugged" }
        : one.part === "printer"
          ? { ...one, able: false, fault: "out_of_paper" }
          : one,
    ),
  },
  no_network: {
    ...welcome,
    faults: ["no_network"],
    parts: PARTS.map((one) => (one.part === "network" ? { ...one, able: false, fault: "no_network" } : one)),
  },
  limited: {
    ...welcome,
    faults: ["central_unreachable", "reader_silent"],
    parts: PARTS.map((one) =>
      one.part === "network"
        ? { ...one, able: false, fault: "central_unreachable" }
        : one.part === "card_reader"
          ? { ...one, able: false, fault: "reader_silent" }
          : one,
    ),
  },
  closed: { ...welcome, closed: true },
  campus_news: {
    ...welcome,
    notices: [
      {
        zh: "学历照片采集截止到 6 月 20 日，请尽早办理。",
        en: "Degree photos are collected until 20 June. Please come early.",
      },
      { zh: "本周五 14:00 到 16:00 停机维护。", en: "Maintenance on Friday from 14:00 to 16:00." },
    ],
    message: {
      zh: "打印纸正在更换，请稍候五分钟。",
      en: "The paper is being changed. Please wait five minutes.",
    },
  },
  seasons: {
    name: "programme",
    programmes: [
      { ...DEGREE, season: "over", closes: "2026-06-30" },
      FRESHMAN,
      { ...GENERAL, season: "not_yet", opens: null },
    ],
  },
  order_free: { ...order, programme: { ...FRESHMAN, season: "open" } },
  order_electronic: { ...order, programme: { ...DEGREE, prints: [], max_sheets: 0, delivery: [] } },
  order_sizes: { ...order, programme: MANY_SIZES },
  reprint: { ...order, programme: GENERAL, reprint: true },
  locked: { ...pay, pin_locked_s: 48 },
  pay_choice: { ...pay, means: [...choice.means] },
  pay_scan: {
    ...scan,
    lines: [
      ...pay.lines,
      { item: "printed_sheet", quantity: 2, amount_fen: 2000, title: DEGREE.prints[1].title },
      { item: "postage", quantity: 1, amount_fen: 800, title: null },
    ],
    amount_fen: 5800,
  },
  pay_simulated: { ...scan, back: false, online: { ...ONLINE, means: "alipay", simulated: true } },
  pay_unreachable: { ...scan, back: false, online: { ...ONLINE, reachable: false } },
  pay_void: { ...scan, back: false, online: { ...ONLINE, seconds_left: 0 } },
  import_unreadable: { name: "import", stick: { state: "unreadable" }, shots_left: 2 },
  import_empty: { name: "import", stick: { state: "pictures", pictures: [] }, shots_left: 2 },
  import_pictures: { name: "import", stick: { state: "pictures", pictures: pictures(5) }, shots_left: 2 },
  import_many: { name: "import", stick: { state: "pictures", pictures: pictures(31) }, shots_left: 1 },
  approval_locked: { ...approval, pin_locked_s: 31 },
  approval_later: { ...approval, by_staff: false },
  account_empty: { ...account, orders: [], first_password: true },
  account_rejected: {
    ...account,
    orders: [
      { ...ORDER, state: "rejected", rejection: "头发遮住了眉毛，请把刘海梳开，露出眉毛和双耳。" },
      ...ORDERS.slice(1),
    ],
  },
  account_leaving: { ...account, orders: ORDERS.slice(1), deletion_asked: true },
  done_here: { ...done, delivery: "here", follow: "HTTPS://PHOTO.CAMPUS.EXAMPLE/O/B704213" },
  done_mail: { ...done, delivery: "mail", follow: "HTTPS://PHOTO.CAMPUS.EXAMPLE/O/B704213" },
} satisfies Record<string, Step>;
