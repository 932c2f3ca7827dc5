// An emitter over a real NATS, without and with JetStream: it is none of the servers that it reaches.

import { connect } from "@nats-io/transport-node";
import { Emitter } from "@sockeye/nats";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { runEmitterCase } from "./emitter-case.ts";
import { NatsServer } from "./nats-server.ts";
import { ProcessCluster } from "./process-cluster.ts";

const PAYLOAD = 64 * 1024;
let nats: NatsServer | null = null;

beforeAll(async () => {
  if (NatsServer.isThere) nats = await NatsServer.start(`max_payload: ${PAYLOAD}`, "kept");
});

afterAll(() => nats?.[Symbol.asyncDispose]());

beforeEach(({ skip }) => {
  if (nats === null) skip("there is no nats-server on this machine");
});

const kinds = [
  { kind: "nats", isJetStream: false },
  { kind: "jetstream", isJetStream: true },
];

test.each(kinds)("CA21 an emitter reaches the clients of all servers: $kind", async (each) => {
  const { isJetStream, kind } = each;
  const key = `emitter.${kind}`;
  await using connection = await connect({ servers: nats?.url ?? "" });
  const engine = { kind, key, url: nats?.url ?? "" };
  const host = new ProcessCluster(kind, async () => ({ engine }));
  onTestFinished(() => host.stop());
  await runEmitterCase(host, new Emitter(connection, { key, isJetStream }));
});

test.each(kinds)(
  "CN12 what is longer than NATS takes is refused to an emitter: $kind",
  async (each) => {
    await using connection = await connect({ servers: nats?.url ?? "" });
    const emitter = new Emitter(connection, { key: "limit", isJetStream: each.isJetStream });
    const sent = emitter.emit("x", "y".repeat(PAYLOAD));
    await expect(sent).rejects.toMatchObject({ code: "ERR_CLUSTER_PAYLOAD" });
  },
);

test("CA21 an emitter whose log nobody has made is told", async () => {
  await using connection = await connect({ servers: nats?.url ?? "" });
  const emitter = new Emitter(connection, { key: "nobody", isJetStream: true });
  await expect(emitter.emit("x")).rejects.toMatchObject({ code: "ERR_BROKER_REFUSED" });
});

test("CA21 an emitter whose connection is closed is told", async () => {
  const connection = await connect({ servers: nats?.url ?? "" });
  const emitters = kinds.map(({ isJetStream }) => new Emitter(connection, { isJetStream }));
  await connection.close();
  for (const emitter of emitters) {
    await expect(emitter.emit("x")).rejects.toMatchObject({ code: "ERR_BUS_DOWN" });
  }
});
