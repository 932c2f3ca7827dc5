import { connect } from "@nats-io/transport-node";
import { createJetStreamAdapter } from "@sockeye/nats";
import { Server } from "@sockeye/node";

const connection = await connect({ servers: "nats://localhost:4222", maxReconnectAttempts: -1 });
const io = new Server(3000, {
  adapter: createJetStreamAdapter(connection),
  connectionStateRecovery: { maxDisconnectionDuration: 120_000 },
});
