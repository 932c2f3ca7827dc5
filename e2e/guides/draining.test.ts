// The programs of the guide on draining: a server that is told to stop, while a client waits for an answer.

import { afterAll, expect, test } from "vitest";
import { GuideProject } from "./project.ts";

const project = new GuideProject();
afterAll(() => project.end());

test("DR2, DR3 a server that gets SIGTERM answers, moves its clients, and exits", async () => {
  await project.write("draining");
  const server = project.start("server.mjs");
  expect((await server.next()).value).toBe("listening");
  const client = project.start("client.mjs");
  expect((await client.next()).value).toBe("connected");
  expect((await server.next()).value).toBe("saving the draft");
  project.signal("server.mjs", "SIGTERM");
  expect((await client.next()).value).toBe("saved the draft");
  expect((await client.next()).value).toBe("transport close");
  expect((await server.next()).value).toBe("moved 1, cut 0");
  expect(await project.exitCode("server.mjs")).toBe(0);
});
