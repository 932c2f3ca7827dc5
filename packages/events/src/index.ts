// The public list of the events package.

export type {
  AllButLast,
  DecorateAcknowledgements,
  DecorateAcknowledgementsWithMultipleResponses,
  DecorateAcknowledgementsWithTimeoutAndMultipleResponses,
  EventNamesWithAck,
  EventNamesWithError,
  EventNamesWithoutAck,
  ExpectMultipleResponses,
  FirstArg,
  FirstNonErrorArg,
  FirstNonErrorTuple,
  Last,
  MultiplyArray,
  PrependTimeoutError,
  RelayedEvents,
  RemoveAcknowledgements,
} from "./acknowledgements.ts";
export { CatchAll } from "./catch-all.ts";
export { Emitter } from "./emitter.ts";
export type {
  CatchAllListening,
  DefaultEventsMap,
  EventNames,
  EventParams,
  EventsMap,
  FallbackToUntypedListener,
  IncomingCatchAllListening,
  MessageParams,
  NoEvents,
  ReservedOrUserEventNames,
  ReservedOrUserListener,
  StrictEventEmitter,
  TypedEventBroadcaster,
  TypedListening,
  UntypedListener,
} from "./event-map.ts";
export { type ListenerLimitSetUp, limitListeners } from "./listener-limit.ts";
export {
  callEntry,
  type Entries,
  type Entry,
  type EventKey,
  isList,
  type Listener,
  Listeners,
  type ListenMode,
} from "./listeners.ts";
export { SocketEmitter } from "./socket-emitter.ts";
