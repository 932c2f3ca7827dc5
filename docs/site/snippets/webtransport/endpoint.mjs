import { Server } from "@sockeye/deno";

const io = new Server();
const [cert, key] = ["", ""];

// #region shown
const endpoint = new Deno.QuicEndpoint({ port: 443 });
for await (const incoming of endpoint.listen({ cert, key, alpnProtocols: ["h3"] })) {
  const connection = await incoming.accept();
  const session = await Deno.upgradeWebTransport(connection);
  io.engine.onWebTransportSession(session, { remoteAddress: connection.remoteAddr.hostname });
}
// #endregion shown
