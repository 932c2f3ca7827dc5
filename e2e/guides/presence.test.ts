// The programs of the guide on presence, as they stand there: they print what it says.

import { transform } from "esbuild";
import { afterAll, expect, test } from "vitest";
import { GuideProject } from "./project.ts";

const project = new GuideProject();
afterAll(() => project.end());

test("ON2 a page shows who is online: one line for a user, whatever devices come, go and change", async () => {
  await project.write("presence", async (name, text) => {
    const { code } = await transform(text, { loader: "ts", format: "esm" });
    return [name.replace(".ts", ".mjs"), code.replace("leaveGrace: 2e3", "leaveGrace: 100")];
  });
  project.start("server.mjs");
  const ada = project.start("client.mjs", "ada", "laptop");
  const next = async (): Promise<unknown> => (await ada.next()).value;
  const until = async (line: string): Promise<void> => {
    while ((await next()) !== line);
  };
  await until("ada (laptop)");
  project.start("client.mjs", "ada", "phone");
  await until("ada (laptop; phone)");
  project.start("client.mjs", "bob", "tablet");
  await until("ada (laptop; phone) bob (tablet)");
  project.signal("client.mjs bob tablet", "SIGUSR2");
  expect(await next()).toBe("ada (laptop; phone) bob (tablet, away)");
  project.signal("client.mjs bob tablet", "SIGKILL");
  expect(await next()).toBe("ada (laptop; phone) bob ()");
  expect(await next()).toBe("ada (laptop; phone)");
});
