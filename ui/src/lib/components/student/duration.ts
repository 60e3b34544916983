// A length of time in words.

import type { Key, Values } from "../../i18n";

export function duration(seconds: number, t: (key: Key, values?: Values) => string): string {
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  if (minutes === 0) return t("time.seconds", { seconds: rest });
  if (rest === 0) return t("time.minutes", { minutes });
  return t("time.minutes_seconds", { minutes, seconds: rest });
}
