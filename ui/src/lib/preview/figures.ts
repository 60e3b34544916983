// How well the preview runs: frames drawn, rate and lag over the last ten seconds' worth of frames.

const KEPT = 300;

export interface PreviewFigures {
  readonly frames: number;
  readonly fps: number;
  readonly lag_p50_ms: number;
  readonly lag_p95_ms: number;
}

export class FigureKeeper {
  #frames = 0;
  #drawnAt: number[] = [];
  #lags: number[] = [];

  /** Notes a frame drawn at `now`, taken at `capturedAt`, both in ms since the Unix epoch. */
  drawn(capturedAt: number, now: number): void {
    this.#frames += 1;
    this.#drawnAt = [...this.#drawnAt, now].slice(-KEPT);
    this.#lags = [...this.#lags, now - capturedAt].slice(-KEPT);
  }

  figures(): PreviewFigures {
    return {
      frames: this.#frames,
      fps: rate(this.#drawnAt),
      lag_p50_ms: quantile(this.#lags, 0.5),
      lag_p95_ms: quantile(this.#lags, 0.95),
    };
  }
}

function rate(instants: readonly number[]): number {
  const span_ms = (instants.at(-1) ?? 0) - (instants[0] ?? 0);
  return span_ms > 0 ? ((instants.length - 1) * 1000) / span_ms : 0;
}

/** The nearest-rank quantile, 0 for no values. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
