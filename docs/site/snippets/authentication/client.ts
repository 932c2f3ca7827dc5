import { keepAuthenticated } from "@sockeye/auth/client";
import { io } from "@sockeye/client";
import { SignJWT } from "jose";

// In place of a request to your own server, which knows the secret and the user.
async function fetchToken(): Promise<string> {
  return new SignJWT({ sub: "ada" })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuer("https://app.example")
    .setExpirationTime("3s")
    .sign(new TextEncoder().encode("a secret of the example, 32 bytes or more"));
}

const socket = io("ws://localhost:3000", { autoConnect: false });
keepAuthenticated(socket, fetchToken);
socket.on("auth:expiring", () => console.log("renewing"));
socket.connect();
console.log(await socket.emitWithAck("whoami"));
await new Promise((resolve) => socket.once("auth:expiring", resolve));
console.log(await socket.emitWithAck("whoami"));
socket.disconnect();

const stranger = io("ws://localhost:3000", { forceNew: true, auth: { token: "none of ours" } });
stranger.on("connect_error", (error) => {
  console.log((error as Error & { data?: { code: string } }).data?.code);
  stranger.disconnect();
});
