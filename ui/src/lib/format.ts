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
