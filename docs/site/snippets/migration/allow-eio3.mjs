import { Server } from "@sockeye/node";

const server = new Server({
  allowEIO3: true,
  cors: { origin: "https://example.com", credentials: true },
});
console.log(server.engine?.opts.allowEIO3 ?? "before listen()"); // before listen()
