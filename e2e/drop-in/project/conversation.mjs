// What a client and a server of any framework have to manage together: an echo, an acknowledgement,
// a broadcast to a room and a disconnection. Knows nothing of the framework.

import assert from "node:assert/strict";
import { io } from "socket.io-client";

/** Resolves with the arguments of the next event of that name; rejects when the client cannot connect. */
export function next(emitter, name) {
  return new Promise((resolve, reject) => {
    emitter.once(name, (...args) => resolve(args));
    if (name !== "connect_error") emitter.once("connect_error", reject);
  });
}

/** A client of its own connection. */
export function open(url, options = {}) {
  return io(url, { forceNew: true, reconnection: false, ...options });
}

/**
 * Speaks with a server that answers `echo` with `echo`, acknowledges `add` with the sum, lets a socket `join`
 * a room, and hands `shout` on to the other members of a room. `gone` resolves with the id of a socket that left.
 */
export async function converse(url, { options = {}, gone }) {
  const checks = [];
  const [first, second] = [open(url, options), open(url, options)];
  await Promise.all([next(first, "connect"), next(second, "connect")]);

  const echoed = next(first, "echo");
  first.emit("echo", { text: "hello", bytes: Buffer.from([1, 2, 3]) });
  assert.deepEqual(await echoed, [{ text: "hello", bytes: Buffer.from([1, 2, 3]) }]);
  checks.push("echo");

  assert.equal(await first.timeout(5000).emitWithAck("add", [2, 3]), 5);
  checks.push("ack");

  await first.timeout(5000).emitWithAck("join", "room");
  await second.timeout(5000).emitWithAck("join", "room");
  const shouted = next(second, "shouted");
  const heardByFirst = [];
  first.on("shouted", (...args) => heardByFirst.push(args));
  await first.timeout(5000).emitWithAck("shout", { room: "room", text: "all" });
  assert.deepEqual(await shouted, ["all"]);
  assert.deepEqual(heardByFirst, []);
  checks.push("room");

  const { id } = first;
  const left = gone();
  first.disconnect();
  assert.equal(await left, id);
  checks.push("disconnect");
  second.disconnect();
  return checks;
}

/** The same conversation on the server's side, where a framework has no form of its own for it. */
export function answer(socket, onGone) {
  socket.on("echo", (message) => socket.emit("echo", message));
  socket.on("add", ([a, b], done) => done(a + b));
  socket.on("join", async (room, done) => {
    await socket.join(room);
    done(true);
  });
  socket.on("shout", ({ room, text }, done) => {
    socket.to(room).emit("shouted", text);
    done(true);
  });
  socket.on("disconnect", () => onGone(socket.id));
}

/** A `gone` for `converse`, and the function that makes it resolve. */
export function departures() {
  let resolve = () => {};
  return {
    onGone: (id) => resolve(id),
    gone: () =>
      new Promise((found) => {
        resolve = found;
      }),
  };
}

/** Tells the test what was checked, as the last line. */
export function report(checks) {
  console.log(JSON.stringify({ checks }));
}
