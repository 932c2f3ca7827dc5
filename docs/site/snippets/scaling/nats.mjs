// #region shown
import { connect } from "@nats-io/transport-node";
import { createAdapter } from "@sockeye/nats";
import { Server } from "@sockeye/node";

const connection = await connect({ servers: "nats://localhost:4222", maxReconnectAttempts: -1 });
const io = new Server(3000, { adapter: createAdapter(connection) });
// #endregion shown
