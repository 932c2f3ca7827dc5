import { io } from "@sockeye/client";

const socket = io("http://localhost:3000", { auth: { name: "ada" } });
socket.on("connect_error", (error) => console.log("not connected:", error.message));
socket.on("limits:refused", ({ event, retryAfter }) =>
  console.log(`${event}: wait ${retryAfter} ms`),
);

for (const text of ["tea", "milk", "sugar"]) {
  const answer = await socket.emitWithAck("search", text);
  console.log(answer.error?.message ?? answer);
}
socket.disconnect();
