// The programs of the guide on back-pressure: events that wait, and of which the newest is enough.

import { afterAll, expect, test } from "vitest";
import { GuideProject } from "./project.ts";

const project = new GuideProject();
afterAll(() => project.end());

test("BP13, BP20, BP21 the newest of what has to wait is sent, and drained() waits for it", async () => {
  await project.write("back-pressure");
  const server = project.start("server.mjs");
  expect((await server.next()).value).toBe("listening");
  const client = project.start("client.mjs");
  for (const line of ["price 1", "price 5", "cursor 7 2 2"]) {
    expect((await client.next()).value).toBe(line);
  }
  expect((await server.next()).value).toBe("waiting: true");
  expect((await server.next()).value).toBe("waiting: false");
});
