// The office's pages in Chromium: the way in, the review by keyboard, the export; every page is looked at by axe and photographed.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { entries } from "./archive.js";
import { open } from "./campus.js";
import { code } from "./totp.js";

const OUT = join(import.meta.dirname, "../../out/office");
const PASSWORD = "correct horse battery";
const PHOTOS = 20;
const SIZES = [{ width: 1280, height: 800 }, { width: 390, height: 844 }];

let campus, browser, page;
const errors = [];

before(async () => {
  mkdirSync(OUT, { recursive: true });
  campus = await open(PHOTOS);
  const args = ["--no-sandbox", "--disable-background-networking"];
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args });
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: SIZES[0], locale: "zh-CN" });
  page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
});

after(async () => {
  await browser?.close();
  await campus?.close();
});

/** The page as it stands: no violation that axe knows, nothing wider than the window, a picture in each size. */
const look = async (name, language) => {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await page.screenshot({ path: join(OUT, `${name}-${language}-${size.width}.png`), fullPage: true });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const told = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
    assert.deepEqual(told, [], `${name} ${language} at ${size.width}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `${name} ${language} at ${size.width}: the page scrolls sideways by ${wide}`);
  }
  await page.setViewportSize(SIZES[0]);
};

const lookInBoth = async (name, path) => {
  for (const language of ["zh", "en"]) {
    await page.goto(`${campus.origin}/office/language/${language}?back=${encodeURIComponent(path)}`);
    assert.equal(await page.getAttribute("html", "lang"), language === "zh" ? "zh-CN" : "en");
    await look(name, language);
  }
};

const goto = (path) => page.goto(campus.origin + path);

test("an administrator logs in with a second factor", async () => {
  await lookInBoth("login", "/office/login");
  await goto("/office/language/zh?back=/office/login");
  assert.equal(await page.inputValue("#campus"), "main", "with one campus nobody types its code");
  await page.fill("#login", "chen.min");
  await page.fill("#password", "wrong password");
  await page.keyboard.press("Enter");
  await page.waitForSelector("[role=alert]");
  await look("login-wrong", "zh");
  await page.fill("#password", campus.temporary);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".qr");
  await lookInBoth("factor", "/office/second-factor");
  await page.fill("#code", code(await page.textContent(".secret")));
  await page.keyboard.press("Enter");
  await page.waitForSelector("#again");
  await lookInBoth("password", "/office/password");
  await page.fill("#old", campus.temporary);
  await page.fill("#new", PASSWORD);
  await page.fill("#again", PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/office/collections");
  const [cookie] = (await page.context().cookies()).filter(({ name }) => name === "__Host-office");
  assert.ok(cookie.httpOnly && cookie.secure && cookie.sameSite === "Strict");
  errors.length = 0; // The wrong password's 403 is told to the console.
});

test("photos are listed, found, and looked at", async () => {
  await lookInBoth("collections", "/office/collections");
  await goto("/office/language/en?back=/office/collections");
  assert.equal(await page.locator("tbody tr").count(), PHOTOS);
  await page.fill("#q", "202610003");
  await page.keyboard.press("Enter");
  await page.waitForURL("**q=202610003*");
  assert.equal(await page.locator("tbody tr").count(), 1);
  await page.click("tbody th a");
  const loaded = await page.locator(".big").evaluate(async (image) => (await image.decode(), image.naturalWidth));
  assert.ok(loaded > 0, "the photo is shown");
  const path = new URL(page.url()).pathname;
  await lookInBoth("photo", path);
  assert.ok(!(await page.textContent("main")).includes("E70000003"), "the number is masked");
  await page.click("text=Show the number");
  await page.waitForURL("**/number");
  assert.ok((await page.textContent("main")).includes("E70000003"));
});

test("a reviewer decides by keyboard, and on several at once", async () => {
  await lookInBoth("review", "/office/review");
  const states = () => campus.psql("SELECT state, count(*) FROM collections GROUP BY 1 ORDER BY 1");
  const first = await page.textContent(".shot h2");
  await page.keyboard.press("ArrowRight");
  await page.waitForURL("**at=*", { waitUntil: "load" });
  const second = await page.textContent(".shot h2");
  assert.notEqual(second, first);
  await page.keyboard.press("ArrowLeft");
  const turned = async (from, is = false) => {
    const shown = ([name, is]) => {
      const heading = document.querySelector(".shot h2");
      return heading !== null && (heading.textContent === name) === is;
    };
    await page.waitForFunction(shown, [from, is]);
    // The keys' handler comes with a deferred script.
    await page.waitForLoadState("load");
  };
  await turned(first, true);
  for (const count of [1, 2]) {
    const shown = await page.textContent(".shot h2");
    await page.keyboard.press("a");
    await turned(shown);
    assert.equal(states().split("\n")[0], `approved|${count}`);
  }
  const shown = await page.textContent(".shot h2");
  await page.keyboard.press("r");
  assert.equal(await page.evaluate(() => document.activeElement.id), "reason_choice", "R goes to the reason");
  await page.keyboard.press("Tab");
  await page.keyboard.type("a reason of one's own");
  await page.keyboard.press("Enter");
  await turned(shown);
  assert.match(states(), /rejected\|1/);
  const boxes = page.locator(".grid input");
  for (const at of [0, 1, 2]) await boxes.nth(at).check();
  await page.click("text=Reject the selected");
  await page.waitForSelector("#many-fault");
  await look("review-fault", "en");
  assert.equal(await page.locator(".grid input:checked").count(), 3, "what was selected stays");
  await page.selectOption("#many_choice", "hair");
  await page.click("text=Reject the selected");
  await page.waitForURL("**rejected=3*");
  assert.match(states(), /rejected\|4/);
  const reason = campus.psql("SELECT DISTINCT body ->> 'reason' FROM directory WHERE kind = 'review' AND body ->> 'reason' LIKE '%头发%'");
  assert.match(reason, /头发.*Hair/, "booths are told, in both languages");
  errors.length = 0; // A wrong form's 422 is told to the console.
  campus.psql("UPDATE collections SET state = 'approved', decided_by = 'booth', decided_ms = 1 WHERE state = 'submitted' AND photo_id < '0198bcfe-6800-7000-8003-000000000012'");
});

test("the export is an archive of photos and a list", async () => {
  await lookInBoth("export", "/office/export");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("main button.primary")]);
  const files = entries(readFileSync(await download.path()));
  const approved = Number(campus.psql("SELECT count(*) FROM collections WHERE state = 'approved'"));
  assert.equal(files.size, approved + 1);
  assert.ok(files.get("list.xlsx").subarray(0, 2).equals(Buffer.from("PK")));
  const photo = readFileSync(join(import.meta.dirname, "../../crates/central/tests/central/photo.jpg"));
  for (const [name, bytes] of files) assert.ok(name === "list.xlsx" || (/^2026\d+_..+\.jpg$/.test(name) && bytes.equals(photo)), name);
});

test("booths, payments, missing students and the rest are whole", async () => {
  await lookInBoth("missing", "/office/missing");
  await lookInBoth("booths", "/office/booths");
  assert.match(await page.textContent("main"), /out of paper/);
  assert.match(await page.textContent("main"), /Clock is off by 9\d s/);
  await page.click("tbody th a >> nth=1");
  await lookInBoth("booth", new URL(page.url()).pathname);
  await page.click("text=Take no more students");
  await page.waitForSelector("text=waiting");
  await goto("/office/booths");
  await page.fill("#name", "Canteen");
  await page.click("text=Make the invitation");
  await page.waitForSelector("#invitation");
  await look("invitation", "en");
  await lookInBoth("payments", "/office/payments");
  await page.fill("[aria-label='Note trade000098']", "asked the provider");
  await page.click("text=Mark as settled >> nth=0");
  await page.waitForURL("**said=settled");
  await page.click("main a[href*='refund?trade'] >> nth=0");
  await lookInBoth("refund", new URL(page.url()).pathname + new URL(page.url()).search);
  await page.click("main button.danger");
  await page.waitForURL("**said=refund");
  assert.equal(campus.psql("SELECT count(*) FROM refunds WHERE state = 'wanted'"), "1");
  await goto("/office/users");
  await page.fill("#login", "li.hua");
  await page.fill("#name", "李华");
  await page.click("main button.primary");
  await page.waitForSelector("#temporary");
  await look("user-added", "en");
  await page.click("summary");
  await look("users-open", "en");
  await lookInBoth("users", "/office/users");
  await goto("/office/notices");
  await page.fill("#zh", "周五下午停机维护");
  await page.fill("#en", "Closed for maintenance on Friday afternoon");
  await page.fill("#from", "2026-11-26");
  await page.fill("#until", "2026-11-27");
  await page.click("main form[action$='/notice'] button");
  await page.waitForURL("**said=changed");
  await lookInBoth("notices", "/office/notices");
  await goto("/office/settings");
  await page.fill("tr:has-text('session.screen_s') input[name=value]", "2");
  await page.click("tr:has-text('session.screen_s') button");
  await look("settings-wrong", "en");
  assert.deepEqual(errors.splice(0), ["Failed to load resource: the server responded with a status of 422 ()"]);
  await page.fill("tr:has-text('session.screen_s') input[name=value]", "120");
  await page.click("tr:has-text('session.screen_s') button");
  await page.waitForURL("**said=changed");
  assert.equal(await page.inputValue("tr:has-text('session.screen_s') input[name=value]"), "120");
  await lookInBoth("settings", "/office/settings");
  await lookInBoth("audit", "/office/audit?check=1");
  assert.match(await page.textContent("main"), /The record is whole/);
  assert.match(campus.central("audit", "main"), /rows are sound/);
  assert.deepEqual(errors, [], "no page breaks its own policy");
  await lookInBoth("no-page", "/office/none");
  errors.length = 0;
});

test("the pages work without JavaScript and at twice the size", async () => {
  const state = await page.context().storageState();
  const context = await browser.newContext({ ignoreHTTPSErrors: true, javaScriptEnabled: false, viewport: { width: 640, height: 400 }, storageState: state });
  const plain = await context.newPage();
  await plain.goto(`${campus.origin}/office/review`);
  const left = Number(campus.psql("SELECT count(*) FROM collections WHERE state = 'submitted'"));
  await plain.click("[data-key=approve]");
  await plain.waitForURL("**approved=1*");
  assert.equal(Number(campus.psql("SELECT count(*) FROM collections WHERE state = 'submitted'")), left - 1);
  await context.close();
});

test("nobody stays logged in", async () => {
  await goto("/office");
  await page.click("header button");
  await page.waitForURL("**/office/login");
  await goto("/office/collections");
  assert.match(page.url(), /\/office\/login$/);
  assert.deepEqual(campus.log.filter((line) => /of the office failed|broke off|panicked/.test(line)), []);
});
