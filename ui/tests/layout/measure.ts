// The rules of the layout, as a script that runs in the page and returns what breaks them.

/** One broken rule. */
export interface LayoutFault {
  readonly rule: "target" | "text size" | "cut off" | "outside" | "out of reach";
  readonly what: string;
  readonly detail: string;
}

/** Every target by its size: what fingers hit safely is 9 mm, 48 px at 96 px an inch being 12.7 mm. */
const TARGET_PX = 48;
/** The smallest text, in rem: 24 px on the large screens, 18 px on the smallest. */
const TEXT_REM = 1.5;
/** Rounding of fractional lengths. */
const SLACK_PX = 2;
/** What somebody in a wheelchair reaches of a screen 1920 px high, from its lower edge. */
const REACH_PX = 1200;

const BLAMING = `
  const faults = [];
  const name = (element) => element.dataset.testid ?? element.dataset.skbtn ?? element.tagName + "." + element.className;
  const blame = (rule, element, detail) => faults.push({ rule, what: name(element), detail });
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const TARGETS = "button, input, [role=button], [role=checkbox]";
`;

export const OUT_OF_REACH = `${BLAMING}
  for (const target of document.querySelectorAll(TARGETS)) {
    if (!shown(target) || target.closest("[inert]")) continue;
    const box = target.getBoundingClientRect();
    const area = target.closest(".area")?.getBoundingClientRect();
    if (area && box.bottom <= area.top) continue; // Scrolled out of sight.
    const top = area ? Math.max(box.top, area.top) : box.top;
    if (top < innerHeight - ${REACH_PX}) blame("out of reach", target, "begins " + (innerHeight - top) + " px up");
  }
  return faults;
`;

export const FAULTS_ON_PAGE = `${BLAMING}
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const scrolled = (element) => element.closest(".area");

  for (const target of document.querySelectorAll(TARGETS)) {
    if (!shown(target)) continue;
    const box = target.getBoundingClientRect();
    const least = Math.min(box.width, box.height);
    if (least < ${TARGET_PX}) blame("target", target, box.width + " x " + box.height);
    if (scrolled(target)) continue;
    const inside = box.left >= -1 && box.top >= -1 && box.right <= innerWidth + 1 && box.bottom <= innerHeight + 1;
    if (!inside) blame("outside", target, JSON.stringify(box));
  }

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const element = text.parentElement;
    if (!text.data.trim() || !shown(element)) continue;
    const size = parseFloat(getComputedStyle(element).fontSize);
    const svg = element.closest("svg");
    const scale = svg ? svg.getBoundingClientRect().height / svg.viewBox.baseVal.height : 1;
    if (size * scale < ${TEXT_REM} * rem - 0.5) blame("text size", element, size * scale + " px: " + text.data);
    if (svg) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    if (box.right > innerWidth + 1 || box.left < -1) blame("outside", element, text.data);
    if (!scrolled(element) && box.bottom > innerHeight + 1) blame("outside", element, text.data);
    const holder = element.closest("button, li, section, article, aside, div");
    const around = holder.getBoundingClientRect();
    if (box.right > around.right + ${SLACK_PX} || box.left < around.left - ${SLACK_PX}) blame("cut off", element, text.data);
  }

  for (const part of document.querySelectorAll("main, main *, aside, aside *")) {
    if (part.closest("svg") || part.closest(".stage") || part.matches("input, .area")) continue;
    const across = part.scrollWidth - part.clientWidth;
    const down = part.scrollHeight - part.clientHeight;
    if (part.clientWidth > 0 && across > ${SLACK_PX}) blame("cut off", part, across + " px across");
    if (part.matches(".body, .step, .enter, section, main") && down > ${SLACK_PX}) blame("cut off", part, down + " px down");
  }
  return faults;
`;
