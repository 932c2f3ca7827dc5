// A server and a client in one bundle: they talk over both transports, and the server answers who asks for a file of the
// client that is not there. Prints what was done, as one line of JSON.

import { io } from "@sockeye/client";
import { Server } from "@sockeye/node";

const server = new Server();
server.on("connection", (socket) => {
  socket.on("echo", (value, answer) => answer(value));
});
server.listen(0);
const url = `http://127.0.0.1:${server.httpServer.address().port}`;

async function main() {
  const answers = [];
  for (const transport of ["websocket", "polling"]) {
    const client = io(url, { transports: [transport], forceNew: true });
    answers.push(await client.timeout(5000).emitWithAck("echo", transport));
    client.disconnect();
  }
  const { status } = await fetch(`${url}/socket.io/socket.io.js`);
  await server.close();
  const withoutFiles = new Server({ serveClient: false });
  console.log(
    JSON.stringify({ answers, file: status, withoutFiles: withoutFiles instanceof Server }),
  );
  process.exit(0);
}

void main();
