import { authenticate, introspection, openId } from "@sockeye/auth";
import { Server } from "@sockeye/node";

const io = new Server(3000);
declare const clientSecret: string;

// #region shown
authenticate(io, openId({ issuer: "https://id.example", audience: "chat", algorithms: ["RS256"] }));

authenticate(
  io,
  introspection({
    issuer: "https://id.example",
    clientId: "chat",
    clientSecret,
    audience: "chat",
    scopes: ["chat"],
  }),
  { recheckEvery: 60_000 },
);
// #endregion shown
