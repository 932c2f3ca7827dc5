// The client in WebKit.
import { startWebKit } from "./drivers/webkit.ts";
import { registerSuite } from "./suite.ts";

registerSuite({
  browser: "webkit",
  needs: ["webkit", "xvfb"],
  start: ([driver = "", screen = ""]) => startWebKit({ driver, screen }),
});
