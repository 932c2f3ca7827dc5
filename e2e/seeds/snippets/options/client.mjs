// Seed 002, "Alternative for specifying options".
import io from "@sockeye/client";

const socket = io("http://localhost:3000", {
  autoConnect: false, //Optional setting: Start in disconnected state
  transports: ["websocket"], //Optional: Specify transport types
  path: "/my-socket.io", //Optional: Specify a custom path
});

console.log("connected or connecting:", socket.active);
socket.connect(); //Use if autoConnect is false
