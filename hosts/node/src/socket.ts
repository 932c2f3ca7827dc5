// The class of sockets, in the file where tracing packages look for it: `socket.io/dist/socket.js`.

export { Socket } from "./typed.ts";
