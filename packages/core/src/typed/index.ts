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
  RelayedEvents,
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
export type { Middleware as TypedMiddleware } from "./broadcast-api.ts";
export type { BroadcastOperator as TypedBroadcastOperator } from "./broadcast-operator.ts";
export type {
  Event as TypedEvent,
  SocketMiddleware as TypedSocketMiddleware,
} from "./event-middleware.ts";
export type {
  Namespace as TypedNamespace,
  NamespaceMatcher as TypedNamespaceMatcher,
  NamespaceReservedEvents,
  ParentNamespace as TypedParentNamespace,
  Server as TypedServer,
  ServerReservedEvents,
  Socket as TypedSocket,
} from "./faces.ts";
export type {
  HostConnection,
  HostHandshake,
  HostHeaders,
} from "./host-types.ts";
export type { RemoteSocket as TypedRemoteSocket } from "./remote-socket.ts";
export type { SocketReservedEvents } from "./reserved-events.ts";
