// The typed faces of the server, under the names by which hosts re-export them.

export type {
  AllButLast,
  DecorateAcknowledgements,
  DecorateAcknowledgementsWithMultipleResponses,
  DecorateAcknowledgementsWithTimeoutAndMultipleResponses,
  DefaultEventsMap,
  EventNames,
  EventNamesWithAck,
  EventNamesWithError,
  EventNamesWithoutAck,
  EventParams,
  EventsMap,
  ExpectMultipleResponses,
  FallbackToUntypedListener,
  FirstNonErrorArg,
  FirstNonErrorTuple,
  Last,
  MultiplyArray,
  PrependTimeoutError,
  RemoveAcknowledgements,
  ReservedOrUserEventNames,
  ReservedOrUserListener,
  StrictEventEmitter,
  TypedEventBroadcaster,
} from "@sockeye/events";
export type {
  BroadcastOperatorConstructor,
  NamespaceConstructor,
  ServerConstructor,
  SocketConstructor,
} from "./attach.ts";
export type { BroadcastOperator as TypedBroadcastOperator } from "./broadcast-operator.ts";
export type { Middleware as TypedMiddleware } from "./everybody.ts";
export type {
  HostConnection,
  HostHandshake,
  HostHeaders,
  HostRequest,
  HostTypes,
} from "./host-types.ts";
export type {
  Namespace as TypedNamespace,
  NamespaceMatcher as TypedNamespaceMatcher,
  ParentNamespace as TypedParentNamespace,
} from "./namespace.ts";
export type { RemoteSocket as TypedRemoteSocket } from "./remote-socket.ts";
export type {
  NamespaceReservedEvents,
  ServerReservedEvents,
  SocketReservedEvents,
} from "./reserved-events.ts";
export type { Server as TypedServer } from "./server.ts";
export type {
  Event as TypedEvent,
  Socket as TypedSocket,
  SocketMiddleware as TypedSocketMiddleware,
} from "./socket.ts";
