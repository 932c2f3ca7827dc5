// The client in Firefox.
import { startFirefox } from "./drivers/puppeteer.ts";
import { registerSuite } from "./suite.ts";

registerSuite({
  browser: "firefox",
  needs: ["firefox"],
  start: ([path = ""]) => startFirefox(path),
});
