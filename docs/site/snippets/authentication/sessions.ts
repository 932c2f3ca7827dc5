import { authenticate, expressSession, sealedCookie } from "@sockeye/auth";
import { Server } from "@sockeye/node";

const io = new Server(3000);
declare const session: (options: object) => Parameters<typeof io.engine.use>[0];
declare const store: object;
declare const unsealData: (sealed: string, options: { password: string }) => Promise<Login>;
declare const secret: string;
declare const password: string;

// #region shown
interface Login {
  userId?: string;
}
const userOf = ({ userId }: Login) => (userId ? { user: { id: userId }, subject: userId } : null);

io.engine.use(session({ secret, resave: false, saveUninitialized: false, store }));
authenticate(io, expressSession({ user: userOf }), { recheckEvery: 30_000 });

authenticate(
  io,
  sealedCookie({
    cookie: "session",
    unseal: (sealed) => unsealData(sealed, { password }), // of iron-session; or Iron.unseal of @hapi/iron
    user: userOf,
  }),
);
// #endregion shown
