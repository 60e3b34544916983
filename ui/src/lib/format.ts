// Amounts and figures as text.

import type { Language } from "./backend/bindings";

/** An amount in fen as yuan: `¥20.00`. */
export function yuan(fen: number): string {
  return `¥${(fen / 100).toFixed(2)}`;
}

/** A measured figure: whole from 100 up, one decimal from 1 up, two below. */
export function figure(value: number, language: Language): string {
  const size = Math.abs(value);
  const maximumFractionDigits = size >= 100 ? 0 : size >= 1 ? 1 : 2;
  return new Intl.NumberFormat(language, { maximumFractionDigits, useGrouping: false }).format(value);
}

/** What a student may let pass strangers' eyes of a number: its first three and last two characters. */
export function masked(number: string): string {
  if (number.length <= 5) return "•".repeat(number.length);
  return number.slice(0, 3) + "•".repeat(number.length - 5) + number.slice(-2);
}

/** A day such as `2027-03-01` in words: `2027年3月1日`, `1 Mar 2027`. What is no such day stays as it is. */
export function dayText(day: string, language: Language): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(date.getTime())) return day;
  const locale = language === "zh" ? "zh-CN" : "en-GB";
  const month = language === "zh" ? "long" : "short";
  return new Intl.DateTimeFormat(locale, { day: "numeric", month, year: "numeric", timeZone: "UTC" }).format(
    date,
  );
}
