import uws from "uWebSockets.js";
import { Server } from "@sockeye/uws";

const app = uws.App(); // or SSLApp: socket.handshake.secure follows
const io = new Server({ cors: { origin: "https://example.com" } });
io.attachApp(app);
io.on("connection", (socket) => {
  socket.on("hello", (name, answer) => answer(`hello ${name}`));
});

app.get("/*", (response) => response.end("the application"));
app.listen(3000, () => {});
