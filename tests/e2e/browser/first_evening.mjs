// What an owner does on the first evening, in a headless Chromium: add the integration from its card, set an option, say what
// belongs to a window, choose its mode, move it, and read why it stands where it stands. Prints one JSON object: what it read.
//   node first_evening.mjs ENDPOINTS OUT_DIR BROWSER_DIR
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [endpointsFile, out, browserFolder] = process.argv.slice(2);
const home = JSON.parse(readFileSync(endpointsFile, "utf8"));
const { chromium } = createRequire(join(resolve(browserFolder), "node_modules", "/"))("playwright-core");
const PATIENCE_MS = 30_000;

const browser = await chromium.launch({
  executablePath: join(browserFolder, "chromium"),
  args: [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
  ],
});
const context = await browser.newContext({ viewport: { width: 1280, height: 1500 } });
// The front end keeps its sign-in in local storage, for the address and client that the tokens were issued for.
await context.addInitScript(
  ([url, clientId, tokens]) => {
    const expires = Date.now() + tokens.expires_in * 1000;
    localStorage.setItem("hassTokens", JSON.stringify({ ...tokens, hassUrl: url, clientId, expires }));
  },
  [home.url, home.client_id, home.tokens],
);
const page = await context.newPage();
page.setDefaultTimeout(PATIENCE_MS);
const errors = [];
page.on("pageerror", (error) => errors.push(error.message));

const visit = (path) => page.goto(home.url + path, { waitUntil: "domcontentloaded" });
const picture = (name) => page.screenshot({ path: join(out, `${name}.png`) });
const button = (name) => page.getByRole("button", { name }).first();
const finish = () => page.locator("ha-button").filter({ hasText: "Finish" }).first().click();
const field = (kind, words) => page.locator(`ha-selector-${kind}`).filter({ hasText: words }).first();
const row = (kind, name) => page.locator(`hui-${kind}-entity-row`).filter({ hasText: name }).first();

// Words that come with an integration are at times missing on a page that was opened the moment it was set up.
async function shown(words, tries = 4) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await page.getByText(words).first().waitFor({ timeout: PATIENCE_MS / 2 });
    } catch (error) {
      if (attempt === tries) throw error;
      await page.reload({ waitUntil: "domcontentloaded" });
    }
  }
}

const steps = {
  async added() {
    await visit("/config/integrations/dashboard");
    const card = page.locator("ha-config-flow-card").filter({ hasText: "Bedroom window" });
    await card.waitFor();
    await picture("discovered");
    await card.getByRole("button", { name: "Add" }).first().click();
    await page.getByText("None of them moves by itself until you set it to automatic").first().waitFor();
    await button("Submit").click();
    await page.getByText("Name and assign").first().waitFor();
    await picture("added");
    await finish();
    return "Bedroom window";
  },
  async options() {
    // Home Assistant leads here by itself, but not when it is slow.
    await visit("/config/integrations/integration/smart_window");
    await shown("Add settings of a window");
    await button("Configure").click();
    await field("number", "room's temperature").locator("input").fill("0.7");
    await button("Submit").click();
    await finish();
    return "0.7";
  },
  async settings() {
    await page.getByText("Add settings of a window").first().click();
    await page.getByText("Which window").first().waitFor();
    await button("Submit").click();
    const rain = field("entity", "means rain");
    await rain.locator("ha-entity-picker").last().click();
    await page.getByText("Rain gauge").first().click();
    await field("number", "Volume").locator("input").fill("30");
    await picture("settings");
    await button("Submit").click();
    await finish();
    return "Rain gauge";
  },
  async mode() {
    await visit(`/config/devices/device/${await template('{{ device_id("cover.bedroom_bedroom_window") }}')}`);
    const mode = row("select", "Mode");
    await mode.locator("ha-select").first().click();
    await page.getByText("Automatic", { exact: true }).first().click();
    await mode.getByText("Automatic", { exact: true }).first().waitFor();
    return "Automatic";
  },
  async moved() {
    await row("cover", "Bedroom window").locator("ha-icon-button").first().click();
    await row("sensor", "Reason").getByText("Held by you").first().waitFor();
    await picture("held");
    return "Held by you";
  },
};

async function template(text) {
  const reply = await fetch(`${home.url}/api/template`, {
    method: "POST",
    headers: { authorization: `Bearer ${home.token}`, "content-type": "application/json" },
    body: JSON.stringify({ template: text }),
  });
  return reply.text();
}

const read = {};
try {
  for (const [name, step] of Object.entries(steps)) {
    try {
      read[name] = await step();
    } catch (error) {
      await picture(`failed-${name}`);
      throw new Error(`${name}: ${error.message}`);
    }
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify({ ...read, errors }));
