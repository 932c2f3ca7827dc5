import { io } from "@sockeye/client";

const socket = io("http://localhost:3000", { transports: ["websocket"] });
socket.on("price", (price) => console.log(`price ${price}`));
socket.on("cursor", (id, x, y) => console.log(`cursor ${id} ${x} ${y}`));
socket.on("done", () => socket.disconnect());
socket.on("connect", () => socket.emit("begin"));
