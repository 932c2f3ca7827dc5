// The program that everything which runs TypeScript is given, and what it prints.

/** A server and a client in one program, in TypeScript's own syntax. */
export const PROGRAM = `import { io } from "@sockeye/client";
import { Server } from "@sockeye/node";
const server: Server = new Server();
server.on("connection", (socket) => {
  socket.on("echo", (value: string, answer: (value: string) => void) => answer(value));
});
async function main(): Promise<void> {
  server.listen(0);
  const address = server.httpServer!.address() as { port: number };
  for (const transport of ["websocket", "polling"] as const) {
    const client = io("http://127.0.0.1:" + address.port, { transports: [transport], forceNew: true });
    console.log(await client.timeout(5000).emitWithAck("echo", transport));
    client.disconnect();
  }
  await server.close();
  process.exit(0);
}
void main();
`;

/** @param {string} printed */
export function expectDone(printed) {
  if (printed.trim() !== "websocket\npolling") throw new Error(`printed ${printed}`);
}
