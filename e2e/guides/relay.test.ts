// The server and the client of the guide on relays, as they stand there: what one client sends, the other prints.

import { afterAll, expect, test } from "vitest";
import { GuideProject } from "./project.ts";

const project = new GuideProject();
afterAll(() => project.end());

test("SO81 the programs of the guide: the first client prints what the second sends", async () => {
  await project.write("relay");
  project.start("server.mjs");
  const first = project.start("client.mjs");
  expect((await first.next()).value).toBe("connected");
  const second = project.start("client.mjs");
  expect((await second.next()).value).toBe("connected");
  expect((await first.next()).value).toBe("120 345");
});
