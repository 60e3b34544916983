// Tells the booth, at most every few seconds, that somebody is touching the screen or typing.

const EVERY_MS = 5000;
const SIGNS = ["pointerdown", "keydown"] as const;

/** Reports the first sign of activity, then further ones `EVERY_MS` apart, until the returned function is called. */
export function watchActivity(target: EventTarget, report: () => void): () => void {
  let reportedAt = -Infinity;
  const seen = () => {
    const now = performance.now();
    if (now - reportedAt < EVERY_MS) return;
    reportedAt = now;
    report();
  };
  SIGNS.forEach((sign) => target.addEventListener(sign, seen, { capture: true }));
  return () => SIGNS.forEach((sign) => target.removeEventListener(sign, seen, { capture: true }));
}
