// The public list of the adapter package.

export { Adapter } from "./adapter.ts";
export type {
  AdapterContract,
  AdapterNamespace,
  AdapterSocket,
  BroadcastAcks,
  BroadcastFlags,
  BroadcastOptions,
  Delivery,
  Room,
  SocketId,
} from "./contract.ts";
