// Whether somebody is touching the screen or typing: tells the booth, at most every few seconds, and notices when it ends.

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

/** Calls back once there was no activity for this long, unless the returned function was called before. */
export function whenIdle(target: EventTarget, idle_ms: number, idle: () => void): () => void {
  let timer = setTimeout(idle, idle_ms);
  const seen = () => {
    clearTimeout(timer);
    timer = setTimeout(idle, idle_ms);
  };
  SIGNS.forEach((sign) => target.addEventListener(sign, seen, { capture: true }));
  return () => {
    clearTimeout(timer);
    SIGNS.forEach((sign) => target.removeEventListener(sign, seen, { capture: true }));
  };
}
