// Seconds that tick down on the screen between two views. Leaves what happens at zero to the booth.

const TICK_MS = 250;

/** The present instant, on the monotonic clock, as reactive state while it runs. */
export class Clock {
  now = $state(performance.now());

  /** Ticks until the returned function is called. */
  run(): () => void {
    const timer = setInterval(() => (this.now = performance.now()), TICK_MS);
    return () => clearInterval(timer);
  }
}

/** Whole seconds left at `now`, given how many were left at `since` (instants in ms). */
export function secondsLeft(given: number, since: number, now: number): number {
  const elapsed_s = Math.max(0, now - since) / 1000;
  return Math.max(0, Math.ceil(given - elapsed_s));
}
