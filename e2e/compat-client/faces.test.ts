// Every member that the declarations show exists in every build: sockets, managers and sessions, member by member.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { FACES } from "../../scripts/public-faces.mjs";
import { membersOf } from "../../scripts/public-names.mjs";
import { startServer } from "../kit/running-server.ts";

const root = join(import.meta.dirname, "../..");
const manifest = createRequire(import.meta.url).resolve("@sockeye/client/package.json");
const built = (file: string): string => pathToFileURL(join(dirname(manifest), "dist", file)).href;

beforeEach(() => {
  vi.stubGlobal("WebSocket", WebSocket);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** The members of an object of the client, as its interfaces declare them; `isLean`: in the client with WebSocket only. */
function declared(subject: string, isLean: boolean): string[] {
  const face = FACES.find((each) => each.section === "Client" && each.subject === subject);
  return Object.entries(face?.declared ?? {}).flatMap(([file, names]) =>
    names.flatMap((name) => {
      const isWhole = /^(Manager|Socket)$/.test(name);
      const [where, found] =
        isLean && isWhole
          ? [file.replace("faces.ts", "lean-faces.ts"), `Lean${name}`]
          : [file, name];
      return membersOf(readFileSync(join(root, where), "utf8"), found);
    }),
  );
}

/** The members of the session of a manager. */
function declaredOfSession(): string[] {
  const file = "packages/client/src/engine-io/socket.ts";
  return membersOf(readFileSync(join(root, file), "utf8"), "EngineSession");
}

test.each([
  "node/index.js",
  "node/websocket.js",
  "index.js",
  "websocket.js",
  "socket.io.esm.min.js",
  "socket.io.websocket.esm.min.js",
])("CL131 %s has every member that its declarations show", async (file) => {
  await using server = await startServer("socket.io", {});
  const { io } = await import(built(file));
  const socket = io(server.url, { forceNew: true });
  await new Promise((resolve) => socket.once("connect", resolve));
  const objects = { socket, manager: socket.io };
  for (const [subject, object] of Object.entries(objects)) {
    const members = declared(subject, file.includes("websocket"));
    expect(members.length).toBeGreaterThan(15);
    expect([subject, members.filter((member) => !(member in object))]).toEqual([subject, []]);
  }
  const members = declaredOfSession();
  expect(members.length).toBeGreaterThan(10);
  expect(members.filter((member) => !(member in socket.io.engine))).toEqual([]);
  socket.disconnect();
});
