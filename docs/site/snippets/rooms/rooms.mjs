import { io } from "@sockeye/client";
import { Server } from "@sockeye/node";

const server = new Server(3000);
// #region join
server.on("connection", (socket) => {
  socket.join("lobby");
  socket.join(["news", `user:${socket.handshake.auth.name}`]);
  socket.leave("news");
});
// #endregion join

const url = "http://localhost:3000";
const open = (name) => {
  const socket = io(url, { auth: { name }, forceNew: true });
  socket.onAny((event, text) => console.log(name, event, text));
  return socket;
};
const ada = open("ada");
await new Promise((resolve) => ada.once("connect", () => resolve(undefined)));
const bob = open("bob");
await new Promise((resolve) => bob.once("connect", () => resolve(undefined)));

const heard = (socket, last) =>
  new Promise((resolve) => {
    socket.on("said", (text) => text === last && resolve(undefined));
  });
const all = Promise.all([heard(ada, "only you"), heard(bob, "not you")]);

// #region emit
server.to("lobby").emit("said", "hello"); // everyone in the lobby
server.to("user:ada").emit("said", "only you"); // a user, on all devices
server.to("lobby").except("user:ada").emit("said", "not you"); // all but one
// #endregion emit

// prints ada said hello; bob said hello; ada said only you; bob said not you
await all;
ada.disconnect();
bob.disconnect();
await server.close();
