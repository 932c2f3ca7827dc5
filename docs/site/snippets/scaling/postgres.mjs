import { Server } from "@sockeye/node";
import { createLogAdapter } from "@sockeye/postgres";
import { Pool } from "pg";

const io = new Server(3000, {
  adapter: createLogAdapter(new Pool({ connectionString: "postgres://localhost/app" })),
  connectionStateRecovery: { maxDisconnectionDuration: 120_000 },
});
