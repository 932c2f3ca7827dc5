// What becomes of a session, and of the connection that brought it, when a client is refused or lost on the way in.

import { expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import { come, offsetIn, read, sockets, start } from "../../test/recovering.ts";

const text = (auth: object): string => `40${JSON.stringify(auth)}`;

/** A session that a client can come back to, and the offset it has. */
function left(server: MemoryServer) {
  const { raw, pid } = come(server);
  server.emit("seen");
  const offset = offsetIn(read(raw)[0]);
  raw.leave();
  server.emit("missed");
  return { pid, offset };
}

test("RE11 a connection on which middleware refused a session is not ended by who is given it later", () => {
  const server = start({ skipMiddlewares: false });
  const auth = left(server);
  let isOpen = false;
  server.use((_socket, next) => next(isOpen ? undefined : new Error("no")));
  server.of("/a");
  const refused = server.dial();
  refused.transmit("40/a,");
  refused.transmit(text(auth));
  isOpen = true;
  expect(come(server, auth).pid).toBe(auth.pid);
  expect(server.of("/a").sockets.size).toBe(1);
});

test("RE7 a connection whose socket left on purpose is not ended by who names its session", () => {
  const server = start();
  server.of("/a");
  const { raw, pid } = come(server);
  raw.transmit("40/a,");
  raw.transmit("41");
  expect(come(server, { pid }).pid).not.toBe(pid);
  expect(server.of("/a").sockets.size).toBe(1);
});

test("RE6 a connection that gives way hands on what its socket is by then, not what it came back as", () => {
  const server = start();
  const auth = left(server);
  const back = come(server, auth);
  void sockets(server)[0]?.join("late");
  expect(come(server, auth).pid).toBe(back.pid);
  expect([...(sockets(server)[0]?.rooms ?? [])]).toContain("late");
});

test("RE21 nor is the connection of a client whose rooms could not be joined", async () => {
  const server = start({}, { onListenerError: () => {} });
  const auth = left(server);
  const { adapter } = server.sockets;
  const addAll = adapter.addAll.bind(adapter);
  adapter.addAll = () => Promise.reject(new Error("away"));
  server.of("/a");
  const refused = server.dial();
  refused.transmit("40/a,");
  refused.transmit(text(auth));
  await new Promise(setImmediate);
  expect(read(refused).at(-1)).toBe('44{"message":"the namespace could not be joined"}');
  adapter.addAll = addAll;
  expect(come(server, auth).pid).toBe(auth.pid);
  expect(server.of("/a").sockets.size).toBe(1);
});

test("RE18 a client whose connection does not survive what it has missed starts anew the next time", () => {
  const server = start();
  const auth = left(server);
  const fragile = server.dial();
  fragile.send = () => {
    fragile.cut();
    return 0;
  };
  fragile.transmit(text(auth));
  expect(sockets(server)).toEqual([]);
  expect(come(server, auth).pid).not.toBe(auth.pid);
});

test("RE15 after a recovery, too, an event that ends with a string gets the last offset behind it", () => {
  const server = start();
  const { raw } = come(server, left(server));
  server.emit("later");
  const offset = offsetIn(read(raw)[0]);
  sockets(server)[0]?.volatile.emit("v", "text");
  expect(read(raw)).toEqual([`42["v","text","${offset}"]`]);
});

test("RE21 what was broadcast while rooms are joined is sent to a client that does not read, too", async () => {
  const server = new MemoryServer({}, { pingInterval: 1e9, pingTimeout: 1e9 });
  const { adapter } = server.sockets;
  const addAll = adapter.addAll.bind(adapter);
  adapter.addAll = async (id, rooms) => {
    await Promise.resolve();
    await addAll(id, rooms);
    server.emit("meanwhile");
  };
  const raw = server.dial();
  raw.transmit("40");
  raw.pause();
  await new Promise(setImmediate);
  raw.resume();
  const sid = sockets(server)[0]?.id;
  expect(read(raw).slice(-2)).toEqual([`40{"sid":"${sid}"}`, '42["meanwhile"]']);
});

test("PR56 a parser's decoder is destroyed when its connection ends", () => {
  let destroyed = 0;
  class Decoder {
    #decoded = (_packet: object): void => {};
    on(_event: string, listener: (packet: object) => void): void {
      this.#decoded = listener;
    }
    add(chunk: string): void {
      this.#decoded(JSON.parse(chunk) as object);
    }
    destroy(): void {
      destroyed += 1;
    }
  }
  class Encoder {
    encode(packet: object): string[] {
      return [JSON.stringify(packet)];
    }
  }
  const server = new MemoryServer({ parser: { Encoder, Decoder } as never });
  const raw = server.dial();
  raw.transmit('4{"type":0,"nsp":"/"}');
  expect(sockets(server)).toHaveLength(1);
  const before = destroyed;
  raw.leave();
  expect(destroyed).toBe(before + 1);
});
