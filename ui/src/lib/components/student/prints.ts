// What the sizes of prints have in common, where there is room for one word about all of them.

import type { PrintView } from "../../backend/bindings";

export interface SheetPrices {
  /** What a sheet of the cheapest size costs. */
  readonly least_fen: number;
  /** Whether another size costs more. */
  readonly differ: boolean;
}

export function sheetPrices(prints: readonly PrintView[]): SheetPrices {
  const fens = prints.map(({ sheet_fen }) => sheet_fen);
  const least_fen = fens.length > 0 ? Math.min(...fens) : 0;
  return { least_fen, differ: fens.some((fen) => fen > least_fen) };
}
