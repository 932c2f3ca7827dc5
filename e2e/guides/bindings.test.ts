// The applications of the pages on React, Vue and Svelte, as they stand there: bundled, and with SOCKEYE_MATRIX opened in Chromium twice.
// One connection for each page, under StrictMode too; what one says, both hear.

import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server } from "@sockeye/node";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { ClientToServer, ServerToClient } from "../../docs/site/snippets/bindings/events.ts";
import { pageOptions } from "../../examples/site/page-options.mjs";
import { chromiumPath } from "../chat/chromium.ts";
import { usePages } from "../examples/pages.ts";
import { isWhole } from "../kit/extent.ts";

const NAMES = ["react", "vue", "svelte"];
const ROOT = join(import.meta.dirname, "../..");
const PAGE = `<!doctype html><title>Talk</title><div id="root"></div><script type="module" src="/page.js"></script>`;
let folder = "";

beforeAll(() => {
  // Elsewhere, so that the frameworks are those that the bindings have, and not those that the site is built with.
  folder = mkdtempSync(join(tmpdir(), "bindings-"));
  cpSync(join(ROOT, "docs/site/snippets/bindings"), folder, { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "dir");
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function bundled(name: string): Promise<string> {
  const entry = readdirSync(join(folder, name)).find((file) => /^page\.tsx?$/.test(file)) ?? "";
  const { outputFiles } = await build({
    absWorkingDir: join(folder, name),
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    logLevel: "warning",
    ...pageOptions,
    // StrictMode mounts twice in development alone.
    define: { ...pageOptions.define, "process.env.NODE_ENV": '"development"' },
  });
  return outputFiles?.[0]?.text ?? "";
}

/** A server with the page of an application, whose events are those of the pages. */
async function served(name: string): Promise<{ url: string; io: Server }> {
  const script = await bundled(name);
  const http: HttpServer = createServer((request, response) => {
    const isScript = request.url === "/page.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html; charset=utf-8");
    response.end(isScript ? script : PAGE);
  });
  const io = new Server<ClientToServer, ServerToClient>(http);
  io.on("connection", (socket) => {
    socket.on("say", (text, answer) => {
      io.emit("said", text);
      answer(io.engine.clientsCount);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, "localhost", resolve));
  onTestFinished(() => io.close());
  return { url: `http://localhost:${(http.address() as AddressInfo).port}`, io };
}

test.each(NAMES)("the application of the page on %s is compiled", async (name) => {
  expect(await bundled(name)).toContain("Say hello");
});

if (isWhole) {
  describe.skipIf(chromiumPath === undefined)("the application of the page on", () => {
    const pages = usePages();

    test.each(NAMES)("%s talks, by one connection for each page", async (name) => {
      const { url, io } = await served(name);
      let connections = 0;
      io.on("connection", () => connections++);
      const [one, other] = [await pages.open(url), await pages.open(url)];
      for (const page of [one, other]) await page.getByText("Heard by 0").waitFor();
      await one.getByRole("button", { name: "Say hello" }).click();
      await one.getByText("Heard by 2").waitFor();
      for (const page of [one, other]) await page.getByRole("listitem").waitFor();
      expect(await other.getByRole("listitem").allTextContents()).toEqual(["hello"]);
      expect(connections).toBe(2);
      io.disconnectSockets(true);
      await one.getByText("No connection").waitFor();
    });
  });
}
