// The class of addresses, in the file where tracing packages look for it: `socket.io/dist/broadcast-operator.js`.

export { BroadcastOperator } from "./typed.ts";
