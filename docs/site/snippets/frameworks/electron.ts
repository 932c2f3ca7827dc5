import { io } from "@sockeye/client";
import { app, BrowserWindow, powerMonitor } from "electron";

await app.whenReady();
const window = new BrowserWindow();

const socket = io("https://example.com");
socket.on("notification", (text: string) => window.webContents.send("notification", text));

// Where the machine sleeps, nothing runs: look after the connection at once.
powerMonitor.on("resume", () => {
  if (!socket.connected) socket.connect();
});
