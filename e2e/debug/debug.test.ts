// What `DEBUG=sockeye:*` prints: by a server and by a client, each in a process of its own.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { io } from "socket.io-client";
import { expect, test } from "vitest";
import { launch, PROGRAMS } from "../kit/child-program.ts";
import { startChildServer } from "../kit/child-server.ts";
import { serverKinds } from "../kit/server-kinds.ts";

const SECRET = "a-secret-of-the-application";

function start(debug: string): ReturnType<typeof launch> {
  const plan = { module: serverKinds.sockeye.module };
  const path = join(PROGRAMS, "server.mjs");
  return launch({ path, args: [JSON.stringify(plan)], env: { DEBUG: debug } });
}

test("NH92 the server prints connections, events, disconnections and refused handshakes, and no secrets", async () => {
  await using program = start("sockeye:*");
  const url = `http://127.0.0.1:${Number((await program.inbox.take("ready"))[0])}`;
  const client = io(url, { transports: ["websocket"], reconnection: false });
  const time = /^\d{4}-\d\d-\d\dT[\d:.]+Z /;
  const opened = await program.printed("sockeye:engine:connectionOpened");
  expect(opened).toMatch(time);
  expect(opened).toMatch(/ sockeye:engine:connectionOpened connection=[\w-]{4}…$/);
  const connected = await program.printed("sockeye:core:socketConnected");
  await client.emitWithAck("ask", SECRET);
  expect(connected).toContain(` socket=${client.id} nsp=/ recovered=false`);
  const received = await program.printed("sockeye:core:packetReceived");
  expect(received).toContain(`socket=${client.id} packet=(EVENT / id 0 "ask" 1 args)`);
  client.disconnect();
  const left = await program.printed("sockeye:core:socketDisconnected");
  expect(left).toContain('reason="client namespace disconnect"');
  expect(await program.printed("sockeye:engine:connectionClosed")).toMatch(/closing="transport /);
  await fetch(`${url}/socket.io/?EIO=4&transport=polling&sid=unknown`);
  const refused = await program.printed("sockeye:engine:requestRefused");
  expect(refused).toContain('refusal=1 "Session ID unknown" request=GET /socket.io/');
  expect(program.stderr).not.toContain(SECRET);
});

test("NH92 names are chosen and excluded; without any nothing is printed", async () => {
  await using chosen = start("other:*,sockeye:core:*,-sockeye:core:packet*");
  await using silent = start("");
  for (const program of [chosen, silent]) {
    const url = `http://127.0.0.1:${Number((await program.inbox.take("ready"))[0])}`;
    const client = io(url, { transports: ["websocket"], reconnection: false });
    await client.emitWithAck("ask", "x");
    client.disconnect();
  }
  await chosen.printed("sockeye:core:socketDisconnected");
  expect(chosen.stderr).not.toMatch(/sockeye:engine|sockeye:core:packet/);
  expect(silent.stderr).toBe("");
});

test("NH92 names of Socket.IO ask for the lines of the same layer", async () => {
  await using sockets = start("socket.io:socket");
  await using engine = start("engine*");
  for (const program of [sockets, engine]) {
    const url = `http://127.0.0.1:${Number((await program.inbox.take("ready"))[0])}`;
    const client = io(url, { transports: ["websocket"], reconnection: false });
    await client.emitWithAck("ask", "x");
    client.disconnect();
  }
  await sockets.printed("sockeye:core:socketDisconnected");
  expect(sockets.stderr).not.toContain("sockeye:engine");
  await engine.printed("sockeye:engine:connectionClosed");
  expect(engine.stderr).not.toContain("sockeye:core");
});

test("HN13 DEBUG=* prints a server's points, with hints of what it refuses", async () => {
  await using program = start("*");
  const url = `http://127.0.0.1:${Number((await program.inbox.take("ready"))[0])}`;
  await fetch(`${url}/socket.io/?EIO=3&transport=polling`);
  const refused = await program.printed("sockeye:engine:requestRefused");
  expect(refused).toMatch(/ hint=".*allowEIO3: true.*#unsupported_protocol_version\)"/);
});

test("HN13 DEBUG=* prints a client's points, with hints of what fails", async () => {
  const plan = { url: "http://127.0.0.1:9", text: SECRET };
  const path = join(PROGRAMS, "asking-client.mjs");
  await using program = launch({ path, args: [JSON.stringify(plan)], env: { DEBUG: "*" } });
  const failed = await program.printed("sockeye:client:connectionFailed");
  expect(failed).toMatch(
    / manager=127\.0\.0\.1:9 .* hint="nothing listens at 127\.0\.0\.1:9 \(ECONNREFUSED\): /,
  );
});

test("DP6 a client in Node prints its states and packets, and no data", async () => {
  await using server = await startChildServer("sockeye");
  const plan = { url: server.url, text: SECRET };
  const path = join(PROGRAMS, "asking-client.mjs");
  const env = { DEBUG: "sockeye:*" };
  await using program = launch({ path, args: [JSON.stringify(plan)], env });
  for (const expected of [
    "sockeye:client:statusChanged manager=127.0.0.1:",
    "sockeye:client:sessionOpened transport=websocket sid=",
    'sockeye:client:packetSent packet=(EVENT / id 0 "ask" 1 args)',
    "sockeye:client:packetReceived packet=(ACK / id 0 1 args)",
    "sockeye:client:connectionClosed manager=127.0.0.1:",
  ]) {
    expect(await program.printed(expected)).toContain(expected);
  }
  expect(program.stderr).not.toContain(SECRET);
});

test("DP6 the readable build has the points, and minified ones have none", () => {
  const dist = fileURLToPath(import.meta.resolve("@sockeye/client/dist/socket.io.js.map"));
  const has = (file: string): boolean =>
    readFileSync(join(dist, "..", file), "utf8").includes("sockeye:client");
  expect(has("socket.io.js")).toBe(true);
  const minified = ["min.js", "esm.min.js", "msgpack.min.js", "websocket.esm.min.js"];
  expect(minified.map((end) => has(`socket.io.${end}`))).toEqual(minified.map(() => false));
});

test("HN2 minified builds have the hints of answers, where they have polling, and no others", () => {
  const dist = fileURLToPath(import.meta.resolve("@sockeye/client/dist/socket.io.js.map"));
  const codesIn = (file: string): string[] => {
    const code = readFileSync(join(dist, "..", `socket.io.${file}`), "utf8");
    return [...new Set(code.match(/HINT_[A-Z_]+/g))].sort();
  };
  const answers = ["FORBIDDEN", "NOT_SOCKET_IO", "NO_ANSWER", "PATH", "STATUS", "STICKY"]
    .concat("TOO_LARGE")
    .map((name) => `HINT_${name}`);
  for (const file of ["min.js", "msgpack.min.js", "fallback.esm.min.js"]) {
    expect([file, codesIn(file)]).toEqual([file, answers.sort()]);
  }
  for (const file of ["esm.min.js", "websocket.esm.min.js", "mini.esm.min.js"]) {
    expect([file, codesIn(file)]).toEqual([file, []]);
  }
  expect(codesIn("js")).toEqual(expect.arrayContaining(["HINT_NAMESPACE", "HINT_OPTION_NAME"]));
});
