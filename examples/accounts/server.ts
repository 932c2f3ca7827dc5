// A chat for people with accounts: who has no valid token does not get in, and a connection ends with its token.

import { randomBytes } from "node:crypto";
import { type AuthData, authenticate, jwt } from "@sockeye/auth";
import { Server } from "@sockeye/node";
import { listen, serveSite } from "../site/serve.ts";
import { Accounts } from "./accounts.ts";
import { Database } from "./database.ts";
import { type ClientToServer, LONGEST_TEXT, type ServerToClient } from "./events.ts";

const SHOWN = 100;
type Data = AuthData<{ readonly name: string }>;

const database = new Database(process.env["DATABASE"] ?? "chat.db");
// Tokens of an earlier run are worth nothing; sessions are, and bring new ones.
const tokens = { secret: randomBytes(32), seconds: Number(process.env["TOKEN_SECONDS"] ?? 600) };
const accounts = new Accounts(database, tokens);
const http = serveSite((request, response) => accounts.handle(request, response));
const io = new Server<ClientToServer, ServerToClient, Record<never, never>, Data>(http);

authenticate(
  io,
  jwt({
    secret: tokens.secret,
    algorithms: ["HS256"],
    clockTolerance: 0,
    user: ({ sub }) => (sub === undefined ? null : { name: sub }),
  }),
  { warnBefore: (tokens.seconds * 1000) / 2 },
);

io.on("connection", (socket) => {
  const { name } = socket.data.user;
  socket.emit("history", database.messages(SHOWN));
  socket.on("say", (key, text, answer) => {
    const isGood = typeof key === "string" && typeof text === "string" && text.trim() !== "";
    if (!isGood || text.length > LONGEST_TEXT) return answer(false);
    // Of one's own keys: nobody can take another's.
    const message = database.addMessage(`${name} ${key}`, name, text.trim());
    if (message !== undefined) io.emit("said", message);
    answer(true);
  });
});

listen(http, {
  close: async () => {
    await io.close();
    database.close();
  },
});
