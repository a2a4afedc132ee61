// A real Chromium visits the status page. What it finds is printed as one JSON object; the test judges it.
//   node status_page.mjs URL TOKEN BROWSER_DIR OUT_DIR WAV
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [url, token, browserFolder, out, wav] = process.argv.slice(2);
const { chromium } = createRequire(join(resolve(browserFolder), "node_modules", "/"))("playwright-core");
const found = { errors: [], overflow: {}, unnamed: [] };

const browser = await chromium.launch({
  executablePath: join(browserFolder, "chromium"),
  args: [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
  ],
});
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: "light" });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => found.errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") found.errors.push(message.text());
  });

  await page.goto(url);
  await page.getByLabel("Token of the status page").fill("not the token");
  await Promise.all([page.waitForLoadState("load"), page.getByRole("button", { name: "Sign in" }).click()]);
  found.wrong = await page.getByRole("alert").innerText();
  found.errors = found.errors.filter((text) => !text.includes("401")); // the browser notes the refusal
  await page.getByLabel("Token of the status page").fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "State" }).waitFor();
  found.state = await page.locator(".state").innerText();
  found.answers = await page.locator(".answers tbody tr").allInnerTexts();
  found.log = await page.locator(".log li").count();
  found.histogram = (await page.locator(".bars .number").allInnerTexts()).reduce((sum, text) => sum + Number(text), 0);

  // Whoever cannot see hears a name for each thing that can be used.
  for (const control of await page.locator("button, select, input:not([type=hidden])").all()) {
    const named = await control.evaluate((element) => element.labels?.[0]?.innerText || element.innerText);
    if (!named) found.unnamed.push(await control.evaluate((element) => element.outerHTML));
  }

  await page.locator("summary").click();
  found.card = await page.locator("details dd").count();

  async function picture(name, width, colorScheme) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    found.overflow[name] = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    found[`background_${name}`] = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.screenshot({ path: join(out, `${name}.png`), fullPage: true });
  }
  await picture("desk_light", 1280, "light");
  await picture("desk_dark", 1280, "dark");
  await picture("phone_light", 360, "light");
  await picture("phone_dark", 360, "dark");

  async function press(name) {
    await page.getByRole("button", { name }).click();
    return page.getByRole("alert").innerText();
  }
  await page.getByLabel("Temperature, °C").fill("28"); // warm enough for a quiet street to open the window
  await page.getByLabel("Sound made here").selectOption("quiet");
  found.quiet = await press("Ask the model");
  await page.getByLabel("Temperature, °C").fill("28");
  await page.getByLabel("Sound made here").selectOption("loud");
  found.loud = await press("Ask the model");
  await page.getByLabel("or a WAV file").setInputFiles(wav);
  found.uploaded = await press("Ask the model");
  await page.getByLabel("or a WAV file").setInputFiles({ name: "x.wav", mimeType: "audio/wav", buffer: Buffer.from("no sound") });
  found.refused = await press("Ask the model");

  found.nothing_before = await press("Roll back");
  await page.getByLabel("Which one serves").selectOption("other");
  found.served = await press("Serve");
  found.serving = await page.locator("dd").nth(1).innerText();
  found.rolled_back = await press("Roll back");
  found.read_again = await press("Read again");

  // The live part follows without a reload.
  await page.goto(url);
  const before = await page.locator(".answers tbody tr").count();
  console.error("ask");
  await page.waitForFunction((count) => document.querySelectorAll(".answers tbody tr").length > count, before);
  found.live = true;

  // A second model looks on, is compared, promoted and taken back.
  async function notice(name) {
    const said = await press(name);
    return said.split("\n")[0];
  }
  found.shadow_offered = await page.getByLabel("Which one looks on, and moves nothing").locator("option").allInnerTexts();
  found.looks_on = await notice("Let it look on");
  found.compared_before = await page.locator(".compared").innerText();
  for (let number = 0; number < 3; number++) console.error("ask");
  await page.waitForFunction(() => document.querySelectorAll(".apart tbody tr").length === 3);
  found.compared_early = await page.locator(".verdict").innerText();
  console.error("correct");
  await page.waitForFunction(() => document.querySelector(".verdict.good"));
  found.compared_late = await page.locator(".verdict").innerText();
  found.compared_figures = await page.locator(".compared dl").innerText();
  found.sides = await page.locator(".sides tbody tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.innerText)));
  found.apart = await page.locator(".apart tbody tr").allInnerTexts();
  await picture("compared_desk_light", 1280, "light");
  await picture("compared_desk_dark", 1280, "dark");
  await picture("compared_phone_light", 360, "light");
  await picture("compared_phone_dark", 360, "dark");
  await page.setViewportSize({ width: 1280, height: 900 });
  found.promoted = await notice("Promote other");
  found.back_after = await notice("Roll back");
  // A form that lies open elsewhere names what serves meanwhile.
  await page.getByLabel("Which one looks on, and moves nothing").selectOption("other");
  const elsewhere = await context.newPage();
  await elsewhere.goto(url);
  await elsewhere.getByLabel("Which one serves").selectOption("other");
  await elsewhere.getByRole("button", { name: "Serve", exact: true }).click();
  await elsewhere.getByRole("alert").waitFor();
  found.itself = await notice("Let it look on");
  await elsewhere.getByRole("button", { name: "Roll back" }).click();
  await elsewhere.getByRole("alert").waitFor();
  await page.goto(url);
  await press("Let it look on");
  found.ended = await notice("End looking on");

  const stranger = await (await browser.newContext()).newPage();
  found.stranger = (await stranger.goto(`${url}live`)).status();
  const forged = await context.request.post(`${url}roll-back`, { form: { key: "guessed" } });
  found.forged = forged.status();
  found.forged_promotion = (await context.request.post(`${url}promote`, { form: { key: "guessed" } })).status();
} finally {
  await browser.close();
}
found.errors = found.errors.filter((text) => !text.includes("400") && !text.includes("401"));
console.log(JSON.stringify(found));
