// The client in Chromium.
import { startChromium } from "./drivers/puppeteer.ts";
import { registerSuite } from "./suite.ts";

registerSuite({
  browser: "chromium",
  needs: ["chromium"],
  start: ([path = ""]) => startChromium(path),
});
