// What is tried in every mode of Jest: a server and a client that talk to each other, over both transports.

exports.converse = async ({ Server, io }) => {
  const server = new Server({ serveClient: false });
  server.on("connection", (socket) => {
    socket.on("echo", (value, answer) => answer(value));
  });
  server.listen(0);
  const url = `http://127.0.0.1:${server.httpServer.address().port}`;
  const answers = [];
  for (const transport of ["websocket", "polling"]) {
    const client = io(url, { transports: [transport], forceNew: true });
    const { text, bytes } = await client.timeout(5000).emitWithAck("echo", {
      text: "é",
      bytes: Buffer.from([1, 2]),
    });
    answers.push([transport, text, [...bytes]]);
    client.disconnect();
  }
  await server.close();
  return answers;
};

exports.EXPECTED = [
  ["websocket", "é", [1, 2]],
  ["polling", "é", [1, 2]],
];
