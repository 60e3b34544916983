// axe over the page in the window: every rule that it has switched on by itself, WCAG 2.2 A and AA and its best practices.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser } from "./webdriver";

const SOURCE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** One element that breaks a rule. */
export interface Violation {
  readonly rule: string;
  readonly where: string;
  readonly why: string;
}

export async function violations(browser: Browser): Promise<Violation[]> {
  if (!(await browser.run<boolean>("return typeof window.axe === 'object'"))) await browser.run(SOURCE);
  return browser.runAsync<Violation[]>(`
    const done = arguments[arguments.length - 1];
    axe.run(document, { resultTypes: ["violations"] }).then(
      ({ violations }) => done(violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
        ({ rule: id, where: target.join(" "), why: failureSummary })))),
      (error) => done([{ rule: "axe itself", where: "", why: String(error) }]));
  `);
}
