import { reauthenticate } from "@sockeye/auth/client";
import { io } from "@sockeye/client";
import { SignJWT } from "jose";

const tokenOf = (claims: Record<string, unknown>): Promise<string> =>
  new SignJWT({ sub: "ada", email_verified: true, roles: [], teams: ["red"], ...claims })
    .setProtectedHeader({ alg: "HS256" })
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode("a secret of the example, 32 bytes or more"));

const socket = io("ws://localhost:3000", { auth: { token: await tokenOf({}) } });
console.log(await socket.emitWithAck("open", "team:red"));
console.log((await socket.emitWithAck("open", "team:blue")).error.code);
console.log((await socket.emitWithAck("rename", "bob", "Bob")).error.code);
await reauthenticate(socket, await tokenOf({ roles: ["staff"] }));
console.log(await socket.emitWithAck("open", "staff"));

const token = await tokenOf({ email_verified: false });
const unverified = io("ws://localhost:3000", { forceNew: true, auth: { token } });
unverified.on("connect_error", (error) => {
  console.log((error as Error & { data?: { code: string } }).data?.code);
  unverified.disconnect();
  socket.disconnect();
});
