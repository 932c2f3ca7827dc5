// The bus over a real NATS: the conformance cases of buses, and what it does when the server ends, limits or refuses.

import { connect, type NatsConnection } from "@nats-io/transport-node";
import { BusListener, busCases, runBusCase } from "@sockeye/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createAdapter } from "../../adapters/nats/src/index.ts";
import { NatsBus } from "../../adapters/nats/src/nats-bus.ts";
import { NatsServer } from "./nats-server.ts";

const PAYLOAD = 64 * 1024;
const SETTINGS = `
max_payload: ${PAYLOAD}
no_auth_user: all
authorization: { users: [
  { user: all, password: all },
  { user: deaf, password: deaf, permissions: { subscribe: "nothing" } },
] }`;

let nats: NatsServer | null = null;

beforeAll(async () => {
  if (NatsServer.isThere) nats = await NatsServer.start(SETTINGS);
});

afterAll(() => nats?.[Symbol.asyncDispose]());

beforeEach(({ skip }) => {
  if (nats === null) skip("there is no nats-server on this machine");
});

let keys = 0;

function connected(more: object = {}): Promise<NatsConnection> {
  const servers = nats?.url ?? "";
  return connect({ servers, maxReconnectAttempts: -1, reconnectTimeWait: 20, ...more });
}

const options = (maxPendingBytes = 1 << 26) => ({ key: `bus.${keys}`, maxPendingBytes });

const host = {
  name: "nats",
  async start() {
    const connection = await connected();
    keys += 1;
    return {
      // As several servers of one process: they share the connection.
      makeBus: () => new NatsBus(connection, options()),
      [Symbol.asyncDispose]: () => connection.close(),
    };
  },
};

describe("nats", () => {
  for (const one of busCases) test(`${one.id} ${one.title}`, () => runBusCase(host, one));
});

const opened = async (connection: NatsConnection, maxPendingBytes?: number) => {
  const bus = new NatsBus(connection, options(maxPendingBytes));
  const listener = new BusListener();
  await bus.open(listener);
  return { bus, listener };
};

test("CN16 while NATS is away, messages are refused at once; when it is back, they arrive again", async () => {
  await using connection = await connected();
  await using other = await connected();
  const { bus, listener } = await opened(connection);
  const far = await opened(other);
  await nats?.kill();
  await expect.poll(() => [listener.states, far.listener.states]).toEqual([["down"], ["down"]]);
  await expect(bus.publish(new Uint8Array(1))).rejects.toMatchObject({ code: "ERR_BUS_DOWN" });
  await nats?.resume();
  const both = [
    ["down", "up"],
    ["down", "up"],
  ];
  await expect.poll(() => [listener.states, far.listener.states], { timeout: 5000 }).toEqual(both);
  await bus.publish(new TextEncoder().encode("again"));
  expect(await far.listener.text()).toBe("again");
});

test("a bus that is opened while NATS is away is open when it is back", async () => {
  await using connection = await connected();
  await nats?.kill();
  const opening = opened(connection);
  await nats?.resume();
  const { bus, listener } = await opening;
  await bus.publish(new TextEncoder().encode("own"));
  expect(await listener.text()).toBe("own");
});

test("a connection that is closed for good is down, and ends nothing else", async () => {
  const connection = await connected();
  const { bus, listener } = await opened(connection);
  await connection.close();
  await expect.poll(() => listener.states).toEqual(["down"]);
  await expect(bus.publish(new Uint8Array(1))).rejects.toMatchObject({ code: "ERR_BUS_DOWN" });
  await bus.heal();
  await bus.close();
  await expect(opened(connection)).rejects.toThrow();
});

test("the limit is that of the server; what is longer is refused before it is sent", async () => {
  await using connection = await connected();
  const { bus } = await opened(connection);
  expect(bus.maxPayload).toBe(PAYLOAD);
  const tooLong = bus.publish(new Uint8Array(PAYLOAD + 1));
  await expect(tooLong).rejects.toMatchObject({ code: "ERR_CLUSTER_PAYLOAD" });
  await bus.publish(new Uint8Array(PAYLOAD));
});

test("bytes that wait for NATS are bounded, and room is there again when it has them", async () => {
  await using connection = await connected();
  const { bus } = await opened(connection, 1024);
  await bus.publish(new Uint8Array(1024));
  await expect(bus.publish(new Uint8Array(1))).rejects.toMatchObject({ code: "ERR_BUS_FULL" });
  await connection.flush();
  await expect
    .poll(() =>
      bus.publish(new Uint8Array(1024)).then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
});

test("a server that refuses the subscription fails the opening", async () => {
  await using connection = await connected({ user: "deaf", pass: "deaf" });
  await expect(opened(connection)).rejects.toThrow(/permissions/i);
});

test("a connection that does not hear itself is refused, and so is anything else", async () => {
  await using connection = await connected({ noEcho: true });
  expect(() => createAdapter(connection)).toThrow("noEcho");
  expect(() => createAdapter({} as NatsConnection)).toThrow(TypeError);
});
