// The class of broadcast operators, in the file from which tracing packages load it:
// `socket.io/dist/broadcast-operator.js`.

export { BroadcastOperator } from "./typed.ts";
