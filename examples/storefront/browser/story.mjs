// The shop in a real browser, from an empty database to signed out with a new password, by keyboard alone. Each page is
// looked at by axe in light and dark and on a phone, and has its picture taken.
//
//     node story.mjs ADDRESS-OF-THE-SHOP [FOLDER-FOR-THE-PICTURES]

import assert from "node:assert/strict";
import { createRequire } from "node:module";

const require = createRequire(process.env.STOREFRONT_TOOLS ?? import.meta.url);
const { chromium } = require("playwright-core");
const axe = require("axe-core").source;
const [shop, pictures] = process.argv.slice(2);
const email = "jan@barasek.com";
const [password, another] = ["correct horse battery", "another staple"];

// As root, and with nothing that asks the network on its own.
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
const context = await browser.newContext({ viewport: { width: 600, height: 620 } });
const page = await context.newPage();
let looked = 0;

async function look(name) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    // `evaluate` is not bound by the page's content security policy.
    const { violations } = await page.evaluate(`${axe}; axe.run()`);
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`);
    assert.deepEqual(found, [], `${name}, ${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 320, height: 620 });
  const [content, width] = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]");
  assert.ok(content <= width, `${name} scrolls sideways: ${content} of ${width}`);
  await page.setViewportSize({ width: 600, height: 620 });
  if (pictures) await page.screenshot({ path: `${pictures}/${name}.png` });
  looked += 1;
}

// Moves the focus to what has this name, as somebody without a mouse does.
async function tabTo(name) {
  for (let steps = 0; steps < 40; steps += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return (element.labels?.[0] ?? element).textContent.trim();
    });
    if (focused.startsWith(name)) {
      const outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
      assert.notEqual(outline, "none", `${name} shows its focus`);
      return;
    }
  }
  assert.fail(`${name} cannot be reached by keyboard on ${page.url()}`);
}

async function press(name) {
  await tabTo(name);
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
}

async function fill(fields) {
  for (const [name, text] of Object.entries(fields)) {
    await tabTo(name);
    await page.keyboard.type(text);
  }
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
}

const heading = () => page.locator("main h1, main h2").first().textContent();
const told = () => page.locator("#told").textContent();

async function openNewestMail() {
  await page.goto(`${shop}/mailbox`);
  await press("Open the link");
  assert.ok(!page.url().includes("token"), "the token has left the address");
}

await page.goto(shop);
await look("front");
await press("Open an account");
await look("register");
await fill({ "E-mail address": email, Password: password, Name: "Jan Barášek", Phone: "+420 777123456" });
assert.equal(await heading(), "Please check your inbox");
await look("registered");
await page.reload();
await page.goto(`${shop}/mailbox`);
await look("mailbox");
assert.equal(await page.locator("article").count(), 1, "a reload registers nobody");

await page.goto(`${shop}/sign-in`);
await look("sign-in");
await fill({ "E-mail address": email, Password: password });
const notYet = await told();
await openNewestMail();
await look("verify");
await press("Confirm my address");
assert.equal(await heading(), "Your e-mail address is confirmed");
await look("verified");
await openNewestMail();
await press("Confirm my address");
assert.equal(await heading(), "This link is used up or too old");
await look("used-link");

await page.goto(`${shop}/sign-in`);
await fill({ "E-mail address": email, Password: "wrong" });
const wrong = await told();
await look("wrong-password");
await page.goto(`${shop}/sign-in`);
await fill({ "E-mail address": "nobody@example.com", Password: "wrong" });
assert.equal(await told(), wrong, "a stranger learns nothing");
assert.equal(notYet, wrong);

await page.goto(`${shop}/sign-in`);
await fill({ "E-mail address": email, Password: password });
assert.equal(await heading(), "Your account");
assert.ok((await page.locator("main").textContent()).includes(email));
await look("account");
assert.equal(await page.evaluate("document.cookie"), "", "no script reads the session");
await press("Sign out");
await look("signed-out");
await page.goBack();
assert.notEqual(await heading(), "Your account", "back shows no account");

await page.goto(`${shop}/sign-in`);
await press("Have you forgotten your password?");
await look("forgot-password");
await fill({ "E-mail address": email });
await look("reset-sent");
await openNewestMail();
await look("new-password");
await fill({ "New password": password });
assert.match(await told(), /had this password|before/i);
await look("used-password");
await fill({ "New password": another });
await look("new-password-set");
await page.goto(`${shop}/sign-in`);
await fill({ "E-mail address": email, Password: another });
assert.equal(await heading(), "Your account");
await press("Sign out");

await page.goto(`${shop}/nowhere`);
await look("not-found");

// A browser that keeps no cookies is told so: none reaches it.
await page.goto(`${shop}/sign-in`);
await context.route("**/sign-in", async (route) => {
  const request = route.request();
  const { cookie: _, ...headers } = await request.allHeaders();
  const options = { method: request.method(), headers, body: request.postData(), redirect: "manual" };
  const { status, headers: answered } = await fetch(request.url(), options);
  await route.fulfill({ status, headers: { location: answered.get("location") } });
});
await fill({ "E-mail address": email, Password: another });
assert.match(await told(), /cookie/i);
await look("no-cookies");

await browser.close();
console.log(`${looked} pages looked at in light, dark and on a phone`);
