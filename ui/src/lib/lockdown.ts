// Takes from the window what a browser offers and a kiosk must not: menus, selection, dragging, zooming, reloading, history.
// The shell denies navigation and new windows itself.

const DENIED = ["contextmenu", "dragstart", "drop", "dragover", "gesturestart", "gesturechange"] as const;
const ZOOM_KEYS = new Set(["+", "-", "=", "0"]);
const BROWSER_KEYS = new Set(["F1", "F3", "F5", "F7", "F11", "F12", "ContextMenu"]);
const CONTROL_KEYS = new Set(["r", "p", "s", "f", "u", "o", "j", "n", "t", "w", "l", ...ZOOM_KEYS]);

/** Installs the denials on a document, for good. */
export function lockDown(document: Document): void {
  for (const type of DENIED) document.addEventListener(type, deny, { passive: false });
  document.addEventListener("selectstart", (event) => isTextInput(event.target) || deny(event));
  document.addEventListener("wheel", (event) => event.ctrlKey && deny(event), { passive: false });
  document.addEventListener("touchmove", (event) => event.touches.length > 1 && deny(event), {
    passive: false,
  });
  document.addEventListener("keydown", (event) => isBrowserKey(event) && deny(event));
}

function deny(event: Event): void {
  event.preventDefault();
}

function isTextInput(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type === "text";
}

function isBrowserKey(event: KeyboardEvent): boolean {
  if (BROWSER_KEYS.has(event.key)) return true;
  if (event.altKey && event.key.startsWith("Arrow")) return true;
  return (event.ctrlKey || event.metaKey) && CONTROL_KEYS.has(event.key.toLowerCase());
}
