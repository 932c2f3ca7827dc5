import { AuthError, authenticate } from "@sockeye/auth";
import { Server } from "@sockeye/node";

const io = new Server(3000);
interface Account {
  id: string;
  until: number;
}
declare const accounts: { find: (ticket: unknown) => Promise<Account | undefined> };

// #region shown
authenticate(io, async ({ handshake }) => {
  const account = await accounts.find(handshake.auth.ticket);
  if (account === undefined) throw new AuthError("INVALID_CREDENTIALS");
  return { user: account, subject: account.id, expiresAt: account.until };
});
// #endregion shown
