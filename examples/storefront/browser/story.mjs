// Uses the shop in a real browser, by keyboard only: from registration to a new password. Checks each page with axe, in light
// and dark colors and on a phone, and takes its picture.
//
//     node story.mjs SHOP-URL [PICTURE-FOLDER]

import assert from "node:assert/strict";
import { createRequire } from "node:module";

const require = createRequire(process.env.STOREFRONT_TOOLS ?? import.meta.url);
const { chromium } = require("playwright-core");
const axe = require("axe-core").source;
const [shop, pictures] = process.argv.slice(2);
const email = "jan@barasek.com";
const [password, another] = ["correct horse battery", "another staple"];

// The arguments let it run as root, and switch off the features that use the network by themselves.
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
const context = await browser.newContext({ viewport: { width: 600, height: 620 } });
const page = await context.newPage();
let checked = 0;

async function check(name) {
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
  checked += 1;
}

// Moves the focus to the element with this name, as a customer without a mouse does.
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
const message = () => page.locator("#message").textContent();

async function openNewestEmail() {
  await page.goto(`${shop}/mailbox`);
  await press("Open the link");
  assert.ok(!page.url().includes("token"), "the address does not contain the token");
}

await page.goto(shop);
await check("front");
await press("Open an account");
await check("register");
await fill({ "Email address": email, Password: password, Name: "Jan Barášek", Phone: "+420 777123456" });
assert.equal(await heading(), "Welcome!");
await check("registered");
await page.reload();
await page.goto(`${shop}/mailbox`);
await check("mailbox");
assert.equal(await page.locator("article").count(), 1, "a reload does not register again");

await page.goto(`${shop}/sign-in`);
await check("sign-in");
await fill({ "Email address": email, Password: password });
const notYet = await message();
await openNewestEmail();
await check("verify");
await press("Confirm my address");
assert.equal(await heading(), "Your email address is confirmed");
await check("verified");
await openNewestEmail();
await press("Confirm my address");
assert.equal(await heading(), "This link has expired or was already used");
await check("used-link");

await page.goto(`${shop}/sign-in`);
await fill({ "Email address": email, Password: "wrong" });
const wrong = await message();
await check("wrong-password");
await page.goto(`${shop}/sign-in`);
await fill({ "Email address": "unknown@example.com", Password: "wrong" });
assert.equal(await message(), wrong, "strangers do not learn which addresses have an account");
assert.equal(notYet, wrong);

await page.goto(`${shop}/sign-in`);
await fill({ "Email address": email, Password: password });
assert.equal(await heading(), "Your account");
assert.ok((await page.locator("main").textContent()).includes(email));
await check("account");
assert.equal(await page.evaluate("document.cookie"), "", "scripts cannot read the session");
await press("Sign out");
await check("signed-out");
await page.goBack();
assert.notEqual(await heading(), "Your account", "the back button does not show the account");

await page.goto(`${shop}/sign-in`);
await press("Forgot your password?");
await check("forgot-password");
await fill({ "Email address": email });
await check("reset-sent");
await openNewestEmail();
await check("new-password");
await fill({ "New password": password });
assert.match(await message(), /used this password before/);
await check("used-password");
await fill({ "New password": another });
await check("new-password-set");
await page.goto(`${shop}/sign-in`);
await fill({ "Email address": email, Password: another });
assert.equal(await heading(), "Your account");
await press("Sign out");

await page.goto(`${shop}/nowhere`);
await check("not-found");

// A browser without cookies gets a message that says so. This route drops the cookies.
await page.goto(`${shop}/sign-in`);
await context.route("**/sign-in", async (route) => {
  const request = route.request();
  const { cookie: _, ...headers } = await request.allHeaders();
  const options = { method: request.method(), headers, body: request.postData(), redirect: "manual" };
  const { status, headers: responseHeaders } = await fetch(request.url(), options);
  await route.fulfill({ status, headers: { location: responseHeaders.get("location") } });
});
await fill({ "Email address": email, Password: another });
assert.match(await message(), /cookie/i);
await check("no-cookies");

await browser.close();
console.log(`${checked} pages checked in light and dark colors and on a phone`);
