// A view of every step from the guides to the collection code, with invented people.

import type { StepOf } from "./backend";
import type { SeenView, Step } from "./bindings";
import { DEGREE, GENERAL } from "./fake-programmes";

type EntryStep = "guide" | "identify" | "log_in" | "register" | "details" | "code";

const SEEN: SeenView = { kind: "resident_id", number: "110•••••••••••••1X", name: "林••" };

export const ENTRY_STEPS: { readonly [Name in EntryStep]: StepOf<Name> } = {
  guide: {
    name: "guide",
    programme: DEGREE,
    guides: ["collection_code", "image_standard", "steps"],
    skippable: true,
  },
  identify: {
    name: "identify",
    errand: "photo",
    programme: DEGREE,
    methods: ["card", "camera", "typed"],
    method: "card",
    reader_fault: null,
    card_fault: null,
    advice: null,
    seen: null,
  },
  log_in: { name: "log_in", seen: SEEN, first_password: true, tries_left: null, locked_s: null },
  register: {
    name: "register",
    programme: DEGREE,
    seen: { ...SEEN, name: null },
    holder: null,
    gender: null,
    asks_birth: false,
  },
  details: {
    name: "details",
    programme: DEGREE,
    rows: [
      { field: "name", value: "林••" },
      { field: "document", value: "110•••••••••••••1X" },
      { field: "gender", value: "female" },
      { field: "student_number", value: "2023110421" },
      { field: "college", value: "计算机与信息工程学院" },
      { field: "major", value: "数据科学与大数据技术（中外合作办学）" },
      { field: "class_name", value: "数据 2301 班" },
      { field: "year", value: "2027" },
      { field: "phone", value: "138••••••00" },
      { field: "email", value: "l••••@••••.cn" },
    ],
    from_roster: true,
    needs_student_number: false,
    disputed: [],
  },
  code: {
    name: "code",
    programme: DEGREE,
    read: false,
    picture: false,
    refusal: null,
    used_on: null,
    stick: { state: "none" },
    camera_fault: null,
  },
};

const { guide, identify, log_in, register, details, code } = ENTRY_STEPS;
const camera = { ...identify, method: "camera" as const };

/** Steps in the states that need other words. */
export const ENTRY_VARIANTS = {
  guide_first_time: { ...guide, programme: GENERAL, guides: ["image_standard", "steps"], skippable: false },
  identify_card_fault: { ...identify, card_fault: "pulled_away" },
  identify_reader_fault: { ...identify, reader_fault: "reader_unplugged" },
  identify_camera: { ...camera, advice: "nothing_seen" },
  identify_camera_glare: { ...camera, advice: "glare" },
  identify_camera_seen: { ...camera, seen: SEEN },
  identify_typed: { ...identify, method: "typed" },
  identify_account: { ...identify, errand: "account", programme: null, method: "typed" },
  log_in_wrong: { ...log_in, first_password: false, tries_left: 2 },
  log_in_locked: { ...log_in, first_password: false, locked_s: 58 },
  register_known_holder: {
    ...register,
    seen: { kind: "passport", number: "E12••••78", name: null },
    holder: "ALEXANDRA MAXIMILIANE VON HOHENSTEIN",
    gender: "female",
  },
  register_birth: {
    ...register,
    seen: { kind: "passport", number: "E12••••78", name: null },
    asks_birth: true,
  },
  details_disputed: { ...details, disputed: ["major", "class_name"] },
  details_unlisted: {
    ...details,
    rows: details.rows.filter(({ field }) => ["name", "document", "gender", "phone"].includes(field)),
    from_roster: false,
    needs_student_number: true,
  },
  code_refused: { ...code, refusal: "used", used_on: "2027-03-01" },
  code_stick: {
    ...code,
    refusal: "no_code",
    stick: {
      state: "pictures",
      pictures: Array.from({ length: 5 }, (_, at) => ({
        id: `p${at + 1}`,
        name: `微信图片_2027030109${at}5.jpg`,
      })),
    },
  },
  code_no_camera: { ...code, camera_fault: "camera_unplugged", stick: { state: "unreadable" } },
  code_read: { ...code, read: true, picture: true },
  code_scanned: { ...code, read: true },
} satisfies Record<string, Step>;

/** Whether a step of these shows the camera's picture. */
export function looksAtSomething(step: Step): boolean {
  if (step.name === "identify") return step.method === "camera" && step.seen === null;
  return step.name === "code" && !step.read && step.camera_fault === null;
}
