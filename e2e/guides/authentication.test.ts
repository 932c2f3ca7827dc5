// The programs of the guides on authentication and authorisation, as they stand there: they print what they say.

import { transform } from "esbuild";
import { afterAll, expect, test } from "vitest";
import { GuideProject } from "./project.ts";

const projects: GuideProject[] = [];
afterAll(async () => {
  for (const project of projects) await project.end();
});

/** Starts a guide's server, runs its client to its end, and gives the lines of both. */
async function run(guide: string): Promise<{ printed: string[]; server: AsyncIterator<string> }> {
  const project = new GuideProject();
  projects.push(project);
  await project.write(guide, async (name, text) => {
    const { code } = await transform(text, { loader: "ts", format: "esm" });
    const found = /(?:Server\(|localhost:)(\d+)/.exec(code)?.[1] ?? "";
    // Each address of a client, not only the first.
    return [name.replace(".ts", ".mjs"), code.replaceAll("localhost:3000", `localhost:${found}`)];
  });
  const server = project.start("server.mjs");
  const client = project.start("client.mjs");
  const printed: string[] = [];
  for (let line = await client.next(); line.done !== true; line = await client.next()) {
    printed.push(line.value);
  }
  return { printed, server };
}

test("authentication: the client renews its token over the open connection, and a stranger is refused", async () => {
  const { printed, server } = await run("authentication");
  expect(printed).toEqual(["ada", "renewing", "ada", "INVALID_CREDENTIALS"]);
  expect((await server.next()).value).toBe("refused: connect: INVALID_CREDENTIALS");
}, 60_000);

test("authorisation: rooms, events and the namespace are refused to those who may not", async () => {
  const { printed, server } = await run("authorisation");
  expect(printed).toEqual(["{ ok: true }", "FORBIDDEN", "FORBIDDEN", "{ ok: true }", "FORBIDDEN"]);
  const lines = [await server.next(), await server.next(), await server.next()];
  expect(lines.map(({ value }) => value)).toEqual([
    "refused: room team:blue: FORBIDDEN",
    "refused: event rename: FORBIDDEN",
    "refused: namespace : FORBIDDEN",
  ]);
}, 60_000);
