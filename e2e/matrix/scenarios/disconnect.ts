// The reasons both sides are told when a connection ends, whoever ends it and however.
import { expect } from "vitest";
import { startProgram } from "../../kit/child-program.ts";
import { startChildServer } from "../../kit/child-server.ts";
import { clientKinds } from "../../kit/client-kinds.ts";
import { within } from "../../kit/deadline.ts";
import { optionsFor } from "../../kit/transport-modes.ts";
import { type Bench, type Connected, type Scenario, settle } from "../bench.ts";

async function reasons({
  client,
  peer,
}: Connected): Promise<{ readonly client: unknown; readonly server: unknown }> {
  const [onClient] = await client.inbox.take("disconnect");
  const [onServer] = await peer.inbox.take("disconnect");
  return { client: onClient, server: onServer };
}

async function byTheClient(bench: Bench): Promise<void> {
  const couple = await bench.couple();
  couple.client.socket.emit("last words");
  couple.client.socket.disconnect();
  expect(await reasons(couple)).toEqual({
    client: "io client disconnect",
    server: "client namespace disconnect",
  });
  expect(couple.peer.inbox.names()).toEqual(["last words", "disconnecting"]);
  expect([
    couple.client.socket.connected,
    couple.client.socket.active,
    couple.client.socket.id,
  ]).toEqual([false, false, undefined]);
  expect([couple.peer.socket.connected, couple.peer.socket.disconnected]).toEqual([false, true]);
}

async function byTheServer(bench: Bench): Promise<void> {
  const couple = await bench.couple();
  couple.peer.socket.emit("last words");
  couple.peer.socket.disconnect();
  expect(await reasons(couple)).toEqual({
    client: "io server disconnect",
    server: "server namespace disconnect",
  });
  await couple.client.inbox.take("last words");
  expect(couple.client.socket.active).toBe(false);
}

async function byTheServerWithTransport(bench: Bench): Promise<void> {
  const server = await bench.server();
  server.record("/side");
  const main = await bench.connect(server);
  const sideClient = bench.alongside(main.client, "/side");
  await sideClient.inbox.take("connect");
  const side = { client: sideClient, peer: await server.nextPeer("/side") };
  // A polling connection ends only when the client fetches the news.
  const ended = new Promise<void>((resolve) =>
    main.peer.socket.conn.once("close", () => resolve()),
  );
  main.peer.socket.disconnect(true);
  expect(await reasons(main)).toEqual({
    client: "io server disconnect",
    server: "server namespace disconnect",
  });
  expect(await reasons(side)).toEqual({
    client: "io server disconnect",
    server: "server namespace disconnect",
  });
  await within(ended, "the connection to end");
  expect(server.io.engine.clientsCount).toBe(0);
}

async function byTheServersConnection(bench: Bench): Promise<void> {
  const couple = await bench.couple();
  couple.client.socket.io.reconnection(false);
  couple.peer.socket.conn.close();
  expect(await reasons(couple)).toEqual({ client: "transport close", server: "forced close" });
}

async function byTheClientsEngine(bench: Bench): Promise<void> {
  const couple = await bench.couple();
  couple.client.socket.io.reconnection(false);
  couple.client.socket.io.engine.close();
  expect(await reasons(couple)).toEqual({ client: "forced close", server: "transport close" });
}

async function byShutdown(bench: Bench): Promise<void> {
  const couple = await bench.couple();
  couple.client.socket.io.reconnection(false);
  const closed = couple.server.io.close();
  const got = await reasons(couple);
  expect(got.server).toBe("server shutting down");
  // A polling client may find the port closed before it has fetched the news.
  expect(
    bench.mode === "polling" ? ["transport close", "transport error"] : ["transport close"],
  ).toContain(got.client);
  await closed;
}

async function overTheLimit(bench: Bench): Promise<void> {
  const couple = await bench.couple({ maxHttpBufferSize: 1000 });
  couple.client.socket.io.reconnection(false);
  couple.client.socket.emit("too large", "x".repeat(2000));
  const got = await reasons(couple);
  expect(got.client).toBe(bench.mode === "polling" ? "transport error" : "transport close");
  expect(got.server).toBe(bench.mode === "polling" ? "transport close" : "transport error");
  expect(couple.peer.inbox.kept("too large")).toEqual([]);
}

async function malformed(bench: Bench): Promise<void> {
  const couple = await bench.couple();
  couple.client.socket.io.reconnection(false);
  couple.client.socket.io.engine.write("2[not json");
  expect(await reasons(couple)).toEqual({ client: "transport close", server: "forced close" });
}

async function clientKilled(bench: Bench): Promise<void> {
  // A client killed between two polls is only missed by the heartbeat.
  const server = await bench.server(
    bench.mode === "polling" ? { pingInterval: 300, pingTimeout: 300 } : {},
  );
  const { program } = await startProgram("client.mjs", {
    module: clientKinds[bench.clientName].module,
    url: server.url,
    options: optionsFor(bench.mode),
    upgrades: bench.mode === "upgrade",
  });
  bench.keep(program);
  const peer = await server.nextPeer();
  await program.kill();
  const [reason] = await peer.inbox.take("disconnect");
  expect(
    bench.mode === "polling" ? ["transport error", "ping timeout"] : ["transport close"],
  ).toContain(reason);
}

async function clientFrozen(bench: Bench): Promise<void> {
  const server = await bench.server({ pingInterval: 200, pingTimeout: 600 });
  // Not before the heartbeat has come round on the final transport: Socket.IO's server loses one that
  // is under way during the upgrade.
  const { program } = await startProgram("client.mjs", {
    module: clientKinds[bench.clientName].module,
    url: server.url,
    options: optionsFor(bench.mode),
    upgrades: bench.mode === "upgrade",
    answersPing: true,
  });
  bench.keep(program);
  const peer = await server.nextPeer();
  program.signal("SIGSTOP");
  expect((await peer.inbox.take("disconnect"))[0]).toBe("ping timeout");
}

async function serverFrozen(bench: Bench): Promise<void> {
  const server = bench.keep(
    await startChildServer(bench.serverName, { options: { pingInterval: 200, pingTimeout: 600 } }),
  );
  const client = await bench.client(server.url, {
    options: { reconnectionDelay: 20, reconnectionDelayMax: 50 },
  });
  await client.ready(bench.mode);
  const first = client.socket.id;
  server.program.signal("SIGSTOP");
  expect(await client.inbox.take("disconnect")).toEqual(["ping timeout"]);
  server.program.signal("SIGCONT");
  await client.inbox.take("connect");
  expect(client.socket.id).not.toBe(first);
}

async function heartbeatKeeps(bench: Bench): Promise<void> {
  const couple = await bench.couple({ pingInterval: 50, pingTimeout: 1000 });
  let pings = 0;
  const five = new Promise<void>((resolve) =>
    couple.client.socket.io.on("ping", () => ++pings === 5 && resolve()),
  );
  await five;
  await settle(couple);
  expect([couple.client.socket.connected, couple.peer.socket.connected]).toEqual([true, true]);
}

/** The scenarios of the column "disconnect". */
export const disconnect: readonly Scenario[] = [
  {
    feature: "disconnect",
    title: "socket.disconnect() of the client, after its last event",
    run: byTheClient,
  },
  {
    feature: "disconnect",
    title: "socket.disconnect() of the server, after its last event",
    run: byTheServer,
  },
  {
    feature: "disconnect",
    title: "socket.disconnect(true) ends every namespace and the connection",
    run: byTheServerWithTransport,
  },
  { feature: "disconnect", title: "conn.close() of the server", run: byTheServersConnection },
  { feature: "disconnect", title: "engine.close() of the client", run: byTheClientsEngine },
  { feature: "disconnect", title: "io.close() of the server", run: byShutdown },
  { feature: "disconnect", title: "an event over maxHttpBufferSize", run: overTheLimit },
  { feature: "disconnect", title: "a malformed packet", run: malformed },
  { feature: "disconnect", title: "the client's process is killed", run: clientKilled },
  {
    feature: "disconnect",
    title: "the client's process freezes: ping timeout on the server",
    run: clientFrozen,
  },
  {
    feature: "disconnect",
    title: "the server's process freezes: ping timeout on the client, which comes back",
    run: serverFrozen,
  },
  {
    feature: "disconnect",
    title: "a quiet connection is kept by the heartbeat",
    run: heartbeatKeeps,
  },
];
