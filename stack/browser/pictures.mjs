// A headless Chromium looks at a running demo and takes pictures: the device page in light and dark and at a phone's
// width, the options, a window's settings, the activity, and a window that moves.
// The documented view is shown for this window, too.
//   node stack/browser/pictures.mjs ENDPOINTS OUT_DIR BROWSER_DIR VIEW
// BROWSER_DIR holds a link `chromium` to the program, and node_modules with playwright-core (scripts/setup browser); VIEW is
// docs/dashboard.yaml as JSON.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const WINDOW = "bedroom";
const PATIENCE_MS = 60_000;
const TRANSITIONS_MS = 1_500; // icons and charts fade in

const [endpointsFile, out, browserFolder, viewFile] = process.argv.slice(2);
if (!viewFile) {
  console.error("usage: node stack/browser/pictures.mjs ENDPOINTS OUT_DIR BROWSER_DIR VIEW");
  process.exit(2);
}
const home = JSON.parse(readFileSync(endpointsFile, "utf8")).home_assistant;
const { chromium } = createRequire(join(resolve(browserFolder), "node_modules", "/"))("playwright-core");
mkdirSync(out, { recursive: true });

async function post(path, body) {
  const reply = await fetch(home.url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${home.token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!reply.ok) throw new Error(`POST ${path}: ${reply.status} ${await reply.text()}`);
  return reply;
}

async function template(text) {
  return (await post("/api/template", { template: text })).text();
}

// Ids are asked for, never guessed: the only one of its kind, or the one with these words in its own id, of the device
// that the contract calls `bedroom`.
async function entity(kind, words = "") {
  const found = await template(
    `{% for e in integration_entities("smart_window") if e.startswith("${kind}.") and "${words}" in e and ` +
      `("smart_window", "${WINDOW}") in device_attr(e, "identifiers") %}{{ e }}{% endfor %}`,
  );
  if (!found) throw new Error(`the demo has no ${kind} of the window ${WINDOW}`);
  return found;
}

const cover = await entity("cover");
const button = await entity("button", "release_hold");
const device = await template(`{{ device_id("${cover}") }}`);

const browser = await chromium.launch({
  executablePath: join(browserFolder, "chromium"),
  args: [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
  ],
});

// One look at the house: a window of the browser, by its size and its colours.
async function look(viewport, colorScheme, see) {
  const context = await browser.newContext({ viewport, colorScheme });
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
  page.on("pageerror", (error) => console.error("page error:", error.message));
  page.picture = async (name) => {
    await page.waitForTimeout(TRANSITIONS_MS);
    await page.screenshot({ path: join(out, `${name}.png`) });
    console.log(join(out, `${name}.png`));
  };
  // "networkidle" never comes: the websocket keeps the page busy. So wait for what shall be seen.
  page.visit = (path) => page.goto(home.url + path, { waitUntil: "domcontentloaded" });
  try {
    await see(page);
  } finally {
    await context.close();
  }
}

async function devicePage(page) {
  await page.visit(`/config/devices/device/${device}`);
  await page.getByText("Suggestion").first().waitFor();
  await page.getByText("Reason").first().waitFor();
}

const WIDE = { width: 1280, height: 1000 };
const TALL = { width: 1280, height: 1500 };
const PHONE = { width: 390, height: 844 };

async function options(page) {
  await page.visit("/config/integrations/integration/smart_window");
  await page.getByRole("button", { name: "Configure" }).first().click();
  await page.locator("ha-form").first().waitFor();
}

async function settings(page) {
  await page.visit("/config/integrations/integration/smart_window");
  await page.getByText("Add settings of a window").first().click();
  await page.locator("ha-form").first().waitFor();
}

// A dashboard of its own with the documented view, its entities those of this window.
async function documented(page) {
  const slug = cover.split(".")[1];
  const view = JSON.parse(readFileSync(viewFile, "utf8").replaceAll("bedroom_window", slug));
  await page.visit("/");
  await page.getByText("Bedroom").first().waitFor();
  await page.evaluate(async (one) => {
    const { hass } = document.querySelector("home-assistant");
    const url_path = "smart-windows";
    const there = await hass.callWS({ type: "lovelace/dashboards/list" });
    if (!there.some((board) => board.url_path === url_path)) {
      await hass.callWS({ type: "lovelace/dashboards/create", url_path, title: "Windows", mode: "storage" });
    }
    await hass.callWS({ type: "lovelace/config/save", url_path, config: { views: [one] } });
  }, view);
  await page.visit("/smart-windows/windows");
  await page.getByText("The last day").first().waitFor();
}

try {
  await look(WIDE, "light", async (page) => {
    await page.visit("/");
    await page.getByText("Bedroom").first().waitFor();
    await page.picture("overview");
  });
  await look(WIDE, "light", async (page) => {
    await documented(page);
    await page.picture("view");
  });
  await look(TALL, "light", async (page) => {
    await devicePage(page);
    await page.picture("device");
  });
  await look(TALL, "dark", async (page) => {
    await devicePage(page);
    await page.picture("device-dark");
  });
  await look(PHONE, "light", async (page) => {
    await devicePage(page);
    await page.picture("device-phone");
  });
  await look(TALL, "light", async (page) => {
    await options(page);
    await page.picture("options");
  });
  await look(PHONE, "dark", async (page) => {
    await options(page);
    await page.picture("options-phone");
  });
  await look(TALL, "light", async (page) => {
    await settings(page);
    await page.picture("settings");
  });
  await look(WIDE, "light", async (page) => {
    await devicePage(page);
    // The cover's dialog, opened as the dashboard does, while the window is on its way.
    await page.evaluate((entityId) => {
      const event = new CustomEvent("hass-more-info", { bubbles: true, composed: true, detail: { entityId } });
      document.querySelector("home-assistant").dispatchEvent(event);
    }, cover);
    const dialog = page.locator("more-info-cover");
    await dialog.waitFor();
    const before = Number(await template(`{{ state_attr("${cover}", "current_position") }}`));
    const opens = before < 50;
    await post("/api/services/cover/set_cover_position", { entity_id: cover, position: opens ? 90 : 10 });
    await dialog.getByText(opens ? "Opening" : "Closing").first().waitFor();
    await page.picture("moving");
    // The picture's hand shall not hold the window for an hour.
    await post("/api/services/button/press", { entity_id: button });
  });
} finally {
  await browser.close();
}
