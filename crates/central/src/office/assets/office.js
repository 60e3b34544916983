// The review's keys. Everything works without them: each key does what a button or a link of the page does.
"use strict";

const typing = (target) => target instanceof HTMLElement && target.matches("input:not([type=checkbox]), select, textarea");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat || typing(event.target)) return;
  const act = (selector, how) => {
    const found = document.querySelector(selector);
    if (!found) return;
    event.preventDefault();
    how(found);
  };
  switch (event.key) {
    case "a": case "A": return act("[data-key=approve]", (button) => button.click());
    case "r": case "R": return act("[data-key=reason]", (field) => field.focus());
    case "ArrowLeft": return act("[data-key=previous]", (link) => link.click());
    case "ArrowRight": return act("[data-key=next]", (link) => link.click());
  }
});
