// The adapter for PostgreSQL.

import { createAdapter } from "@socket.io/postgres-adapter";
import pg from "pg";
import { Server } from "socket.io";
import { converseAcross, startTwo } from "./cluster.mjs";
import { report } from "./conversation.mjs";

const connect = () =>
  new pg.Pool({ host: process.env.POSTGRES_SOCKET, user: "postgres", database: "postgres" });
const pool = connect();
await pool.query(
  "CREATE TABLE IF NOT EXISTS socket_io_attachments (id bigserial UNIQUE, created_at timestamptz DEFAULT NOW(), payload bytea)",
);
const { servers, urls } = await startTwo(Server, () => createAdapter(connect()));
const checks = await converseAcross(urls);
for (const server of servers) await server.close();
report(checks);
process.exit(0);
