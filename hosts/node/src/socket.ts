// The class of sockets, in the file from which tracing packages load it: `socket.io/dist/socket.js`.

export { Socket } from "./typed.ts";
