/** @jest-environment jsdom */
// A page under Jest: jsdom, which asks for what is for browsers. The server runs outside.
// jsdom has no `fetch`, by which polling goes.

test.each([
  "@sockeye/client",
  "socket.io-client",
  "@sockeye/client/debug",
  "@sockeye/client/websocket",
])("%s talks from a page", async (name) => {
  const io = require(name);
  expect(typeof io).toBe("function");
  expect(io.io).toBe(io);
  const ways = name.endsWith("websocket") ? [undefined] : [["websocket"], undefined];
  for (const transports of ways) {
    const client = io(process.env.SERVER_URL, {
      forceNew: true,
      ...(transports && { transports }),
    });
    expect(await client.timeout(5000).emitWithAck("echo", "é")).toBe("é");
    client.disconnect();
  }
});

test("the page's own address serves where none is given", () => {
  const client = require("socket.io-client")({ autoConnect: false });
  expect(client.connected).toBe(false);
});
