// The documentation site as readers get it: no dead link, search that finds, pages that fit a phone and can be read by everyone,
// and nothing that is fetched from elsewhere. With SITE_PICTURES=FOLDER it leaves a picture of each page that it opens.

import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { sidebar } from "../../docs/site/.vitepress/navigation.mjs";
import { isSiteThere } from "../../scripts/site.mjs";
import { browserLimits, chromiumPath, startChromium } from "../chat/chromium.ts";
import { isWhole } from "../kit/extent.ts";
import { buildSite, builtPages, hasFile, serveSite } from "./built-site.ts";
import { walkTo } from "./keyboard.ts";

const SITE = join(import.meta.dirname, "../../docs/site");
const PICTURES = process.env["SITE_PICTURES"];
const BUILD_MS = 300_000;

/** Pages of each kind: home, prose with code, long tables, the reference. */
const MAIN_PAGES = [
  "/",
  "/guides/connection.html",
  "/comparison.html",
  "/reference/api/server.html",
  "/reference/options.html",
];
/** A second page of each kind; tabs of code, tables of features and of figures. */
const MORE_PAGES = [
  "/start.html",
  "/tutorial/6-lost-connections.html",
  "/guides/acknowledgements.html",
  "/deploy/proxies.html",
  "/troubleshooting.html",
  "/frameworks/react.html",
  "/frameworks/nest.html",
  "/performance.html",
  "/guides/migration.html",
];
const ALL_LOOKS = [
  { width: 1280, scheme: "light" },
  { width: 390, scheme: "dark" },
  { width: 1280, scheme: "dark" },
  { width: 390, scheme: "light" },
] as const;
// Each width and each scheme once, unless everything is asked for.
const LOOKS = isWhole ? ALL_LOOKS : ALL_LOOKS.slice(0, 2);
/** Stops of Tab before the content: those of the navigation, with all groups that may be open. */
const MOST_STOPS = 120;

const isThere = isSiteThere();
if (!isThere)
  console.warn("The site's packages are missing (node scripts/setup-site.mjs): its tests skip.");

let site: { url: string } & AsyncDisposable;
let browser: (Browser & AsyncDisposable) | undefined;

beforeAll(async () => {
  if (!isThere) return;
  await buildSite();
  site = await serveSite();
  if (chromiumPath !== undefined) browser = await startChromium();
}, BUILD_MS);

afterAll(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
});

test("each page stands in the navigation", () => {
  const links = new Set(sidebar.flatMap(({ items }) => items.map(({ link }) => link)));
  const pages = readdirSync(SITE, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md") && !/(^|\/)(node_modules|snippets)\//.test(file))
    .map((file) => `/${file.replace(/(index)?\.md$/, "")}`)
    .filter((address) => address !== "/");
  expect(pages.length).toBeGreaterThan(40);
  expect(pages.filter((address) => !links.has(address))).toEqual([]);
});

test.skipIf(!isThere)("links lead to pages and headings that are there", () => {
  const pages = builtPages();
  const names = new Map(
    [...pages].map(([address, html]) => [
      address,
      new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id = ""]) => decoded(id))),
    ]),
  );
  const broken: string[] = [];
  let count = 0;
  for (const [address, html] of pages) {
    const body = html.slice(html.indexOf("<body"));
    for (const [, href = ""] of body.matchAll(/<a\b[^>]* href="([^"]+)"/g)) {
      if (/^[a-z]+:/.test(href) || address === "/404.html") continue;
      count++;
      const target = new URL(decoded(href), `http://site${address}`);
      const page = target.pathname.endsWith("/") ? `${target.pathname}index.html` : target.pathname;
      const hash = decodeURIComponent(target.hash.slice(1));
      const isBroken = pages.has(page)
        ? hash !== "" && !names.get(page)?.has(hash)
        : !hasFile(page);
      if (isBroken) broken.push(`${address}: ${href}`);
    }
  }
  expect(count).toBeGreaterThan(1000);
  expect([...new Set(broken)]).toEqual([]);
});

/** Text of an attribute. */
function decoded(text: string): string {
  return text.replaceAll("&amp;", "&").replaceAll("&#39;", "'").replaceAll("&quot;", '"');
}

/** Opens a page of the site. */
async function open(address: string): Promise<Page> {
  const context = await (browser as Browser).newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: "reduce",
  });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(site.url + address, { waitUntil: "load" });
  // The page's script has run when search is there.
  await page.locator(".VPNavBarSearch button").first().waitFor({ state: "attached" });
  return page;
}

const OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

interface Look {
  readonly width: number;
  readonly scheme: "light" | "dark";
}

/** Shows an open page in another width and appearance. */
async function show(page: Page, { width, scheme }: Look): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme: scheme });
  const isDark = `document.documentElement.classList.contains("dark") === ${scheme === "dark"}`;
  await page.waitForFunction(isDark);
  if (PICTURES === undefined) return;
  const name = new URL(page.url()).pathname.replaceAll(/\W+/g, "-");
  await page.screenshot({ path: join(PICTURES, `site${name}-${width}-${scheme}.png`) });
}

/** What axe finds in an open page. */
async function violationsOf(page: Page): Promise<string[]> {
  const found = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
    'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
  );
  return found.map(({ id, nodes }) => {
    const places = nodes.slice(0, 3).map(({ html }) => html.slice(0, 160));
    return `${id}: ${places.join(" | ")}`;
  });
}

describe.skipIf(!isThere || chromiumPath === undefined)(
  "in Chromium",
  { timeout: browserLimits.testTimeout },
  () => {
    test.each<[string, RegExp]>([
      ["sticky", /deploy/],
      ["cors", /security|troubleshooting|faq|options/],
      ["ack timeout", /acknowledgements/],
      ["reconnect", /connection/],
      ["scale", /scaling|faq/],
      ["react hooks", /frameworks\/react/],
      ...(isWhole ? [["nest gateway", /frameworks\/nest/] satisfies [string, RegExp]] : []),
    ])("search finds %s", async (text, expected) => {
      const page = await open("/");
      await page.getByRole("button", { name: "Search" }).first().click();
      await page.getByRole("searchbox").fill(text);
      const results = page.locator("#localsearch-list a");
      await results.first().waitFor();
      const found = await results.evaluateAll((links) =>
        links.map((link) => link.getAttribute("href") ?? ""),
      );
      expect(found.slice(0, 5).join(" ")).toMatch(expected);
    });

    test("nothing is fetched from elsewhere", async () => {
      const page = await open("/start.html");
      const hosts = new Set<string>();
      page.on("request", (request) => hosts.add(new URL(request.url()).origin));
      await page.reload({ waitUntil: "networkidle" });
      expect([...hosts]).toEqual([site.url]);
    });

    test("by keyboard: search, navigation and content are reached, the focus is seen, Escape closes search", async () => {
      const page = await open("/guides/events.html");
      const toSearch = await walkTo(page, "search", 10);
      await page.keyboard.press("Enter");
      const box = page.getByRole("searchbox");
      await box.waitFor();
      await page.keyboard.type("reconnect");
      await page.locator("#localsearch-list a").first().waitFor();
      await page.keyboard.press("Escape");
      await box.waitFor({ state: "detached" });
      const onward = [
        ...(await walkTo(page, "navigation", 10)),
        ...(await walkTo(page, "content", MOST_STOPS)),
      ];
      const unseen = [...toSearch, ...onward].filter(({ isSeen }) => !isSeen);
      expect(unseen.map(({ name }) => name)).toEqual([]);
      await page.getByRole("link", { name: "Skip to content" }).focus();
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      const isBehindMenus = "document.activeElement.closest('#VPContent') !== null";
      expect(await page.evaluate(isBehindMenus)).toBe(true);
    });

    // Their contrast and names are those of the main pages.
    if (isWhole) {
      test("no page is wider than a phone", async () => {
        const page = await open("/");
        await page.setViewportSize({ width: 390, height: 844 });
        const wide: string[] = [];
        for (const address of builtPages().keys()) {
          await page.goto(site.url + address, { waitUntil: "load" });
          const excess = await page.evaluate<number>(OVERFLOW);
          if (excess > 0) wide.push(`${address}: ${excess} pixels too wide`);
        }
        expect(wide).toEqual([]);
      });
    }

    const axe = (): string =>
      createRequire(join(SITE, "package.json")).resolve("axe-core/axe.min.js");

    test.each(isWhole ? [...MAIN_PAGES, ...MORE_PAGES] : MAIN_PAGES)(
      "%s fits, and axe finds nothing",
      async (address) => {
        const page = await open(address);
        await page.addScriptTag({ path: axe() });
        const problems: string[] = [];
        for (const look of LOOKS) {
          await show(page, look);
          const wide = await page.evaluate<number>(OVERFLOW);
          const all = [
            ...(wide === 0 ? [] : [`${wide} pixels too wide`]),
            ...(await violationsOf(page)),
          ];
          problems.push(...all.map((problem) => `${look.width} ${look.scheme}: ${problem}`));
        }
        expect(problems).toEqual([]);
      },
    );
  },
);
