// Links of pages: from file to file in the repository, to addresses on the site.

import { join } from "node:path";
import { expect, test } from "vitest";
import { addressOf, PAGES, slugify } from "../docs/site/.vitepress/links.mjs";

const guide = join(PAGES, "site/guides/events.md");
const to = (href: string, from = guide): string => addressOf(from, href, "https://repository");

test("pages of the site are at its root, others where they stand", () => {
  expect(to("rooms.md")).toBe("/guides/rooms.md");
  expect(to("../start.md#what-next")).toBe("/start.md#what-next");
  expect(to("../../scaling.md")).toBe("/scaling.md");
  expect(to("site/guides/rooms.md", join(PAGES, "scaling.md"))).toBe("/guides/rooms.md");
});

test("what is no page leads into the repository", () => {
  expect(to("../../decisions/0061-site.md")).toBe(
    "https://repository/blob/main/docs/decisions/0061-site.md",
  );
  expect(to("../../../examples/deploy")).toBe("https://repository/tree/main/examples/deploy");
});

test("a page that is not there stays an address, so that building fails", () => {
  expect(to("missing.md")).toBe("/guides/missing.md");
});

test("addresses and headings of the page itself stay", () => {
  expect([to("#names"), to("https://example.com/a.md"), to("/start")]).toEqual([
    "#names",
    "https://example.com/a.md",
    "/start",
  ]);
});

test("headings are named as GitHub names them", () => {
  expect(slugify("`ERR_ACK_TIMEOUT`")).toBe("err_ack_timeout");
  expect(slugify("At most once, at least once")).toBe("at-most-once-at-least-once");
});
