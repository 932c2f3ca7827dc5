// The programs of the guide on replay, as they stand there: the Python client prints every
// number once, in order, though its connection is lost.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { transform } from "esbuild";
import { afterAll, expect, test } from "vitest";
import { TcpProxy } from "../cluster/faults/tcp-proxy.ts";
import { listening } from "../kit/ports.ts";
import { pythonPath } from "../python/python-path.ts";
import { filesOf } from "./blocks.mjs";
import { GuideProject } from "./project.ts";

const project = new GuideProject();
afterAll(() => project.end());

test("RE35 Python's client prints each number once, in order, though its connection is lost", async ({
  skip,
}) => {
  if (pythonPath === undefined) skip("there is no Socket.IO for Python on this machine");
  let port = 0;
  await project.write("replay", async (name, text) => {
    port = Number(/\d{4,5}(?=,|")/.exec(text)?.[0] ?? 0);
    if (name.endsWith(".py")) return [name, text];
    const { code } = await transform(text.replace(", 1000)", ", 50)"), {
      loader: "ts",
      format: "esm",
    });
    return [name.replace(".ts", ".mjs"), code];
  });
  project.start("server.mjs");
  await listening(port);
  await using proxy = await TcpProxy.start(port);
  const program = filesOf("replay")["client.py"]?.replace("3000", String(proxy.port)) ?? "";
  const client = spawn(pythonPath as string, ["-c", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const printed: number[] = [];
  for await (const line of createInterface({ input: client.stdout })) {
    printed.push(Number(line));
    if (printed.length === 20) {
      proxy.turn("reset");
      proxy.turn("open");
    }
    if (printed.length === 60) break;
  }
  const exit = once(client, "exit");
  client.kill("SIGKILL");
  await exit;
  expect(printed).toHaveLength(60);
  const first = printed[0] as number;
  expect(printed).toEqual(printed.map((_, at) => first + at));
});
