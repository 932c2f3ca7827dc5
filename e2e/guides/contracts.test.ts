// The programs of the guide on contracts, as they stand there: they print what it says.

import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { afterAll, expect, test } from "vitest";
import { GuideProject } from "./project.ts";

const project = new GuideProject();
afterAll(() => project.end());

test("the server refuses what the contract does not accept, and the client is told", async () => {
  await project.write("contracts", async (name, text) => {
    const { code } = await transform(text, { loader: "ts", format: "esm" });
    return [name.replace(".ts", ".mjs"), code.replaceAll("./contract.ts", "./contract.mjs")];
  });
  const server = project.start("server.mjs");
  const client = project.start("client.mjs");
  const printed: unknown[] = [];
  for (let line = await client.next(); line.done !== true; line = await client.next()) {
    printed.push(line.value);
  }
  expect(printed).toEqual(["message 1", "muted for 60 s", "INVALID_ARGUMENTS"]);
  expect((await server.next()).value).toBe("refused: say: INVALID_ARGUMENTS");
});

test("the command prints the document of a contract, or says what is missing", async () => {
  const file = join(project.folder, "api.mjs");
  writeFileSync(
    file,
    `import { defineContract } from "@sockeye/contract";
    import { type } from "arktype";
    export const api = defineContract({ clientToServer: { say: { args: [type("string")] } }, serverToClient: {} });`,
  );
  const command = join(import.meta.dirname, "../../packages/contract/bin/sockeye-contract.mjs");
  const run = (...args: string[]): Promise<{ stdout: string }> =>
    promisify(execFile)(process.execPath, [command, "asyncapi", file, ...args]);
  const { stdout } = await run("--export", "api", "--title", "Chat", "--version", "1.0.0");
  expect(JSON.parse(stdout)).toMatchObject({
    asyncapi: "3.0.0",
    components: { messages: { "receive-say": { payload: { items: [{ type: "string" }] } } } },
  });
  await expect(run("--title", "Chat")).rejects.toThrow("--title and --version are needed");
  await expect(run("--title", "Chat", "--version", "1")).rejects.toThrow("exports no default");
});
