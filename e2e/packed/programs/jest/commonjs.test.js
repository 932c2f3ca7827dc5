// CommonJS under Jest: what `require` gives, and one instance with Socket.IO's names.

const { converse, EXPECTED } = require("./conversation.js");
const { Server } = require("@sockeye/node");
const { io } = require("@sockeye/client");

test("a server and a client talk", async () => {
  expect(await converse({ Server, io })).toEqual(EXPECTED);
});

test("with Socket.IO's names", async () => {
  expect(require("socket.io").Server).toBe(Server);
  expect(require("socket.io-client")).toBe(io);
  expect(require("socket.io")({ serveClient: false })).toBeInstanceOf(Server);
  for (const name of ["socket.io-parser", "socket.io-adapter", "engine.io", "engine.io-parser"]) {
    expect(Object.keys(require(name)).length).toBeGreaterThan(1);
  }
});
