// A page of the fake booth, for looking at one screen during development:
// `?fake=STEP_OR_VARIANT&lang=en&left=20&error=wrong_pin`.

import type { Backend } from "./backend";
import type { ErrorCode, Language } from "./bindings";
import { FakeBackend } from "./fake";
import { fakeView, STEPS, VARIANTS } from "./fake-views";

export function fakeFromQuery(query: URLSearchParams): Backend {
  const all = { ...STEPS, ...VARIANTS };
  const step = all[(query.get("fake") || "welcome") as keyof typeof all] ?? STEPS.welcome;
  const left = Number(query.get("left") ?? 120);
  const fake = new FakeBackend(fakeView(step, query.get("lang") as Language, { time_left_s: left }));
  const error = query.get("error") as ErrorCode | null;
  if (error) fake.refuse(error);
  return fake;
}
