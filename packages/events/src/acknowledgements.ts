// Acknowledgements in event maps: which events ask for an answer, and the type of the answer's callback
// after `timeout()` and in a broadcast. Types only; the last parameter of an event is its acknowledgement.

import type { EventNames, EventParams, EventsMap } from "./event-map.ts";

// biome-ignore lint/suspicious/noExplicitAny: matches every function; `unknown` parameters would match next to none.
type AnyFunction = (...args: any[]) => any;

type IsAny<T> = 0 extends 1 & T ? true : false;

type IsNever<T> = [T] extends [never] ? true : false;

/** Whether an argument is an error for certain: neither `any` nor `Error | null`. */
type IsError<T> =
  IsAny<T> extends true
    ? false
    : IsNever<T> extends true
      ? false
      : [T] extends [Error]
        ? true
        : false;

/** Last element of a tuple; the element of a list of unknown length. */
export type Last<Tuple extends readonly unknown[]> =
  Required<Tuple> extends readonly [...unknown[], infer Element] ? Element : Tuple[number];

/** A tuple without its last element; any list for a list of unknown length. */
export type AllButLast<Tuple extends readonly unknown[]> =
  Required<Tuple> extends readonly [...infer Elements, unknown]
    ? Elements
    : // biome-ignore lint/suspicious/noExplicitAny: the arguments of an undeclared event.
      any[];

/** First parameter of a function. */
export type FirstArg<Callback> =
  IsAny<Callback> extends true
    ? Callback
    : Callback extends AnyFunction
      ? Parameters<Callback>[0]
      : unknown;

/** First element of a tuple that is not an error, of the first two; `undefined` when there is none. */
export type FirstNonErrorTuple<Tuple extends unknown[]> =
  IsError<Tuple[0]> extends true ? Tuple[1] : Tuple[0];

/** What a callback is called with on success: its first parameter that is not an error; unknown without a callback. */
export type FirstNonErrorArg<Callback> =
  IsAny<Callback> extends true
    ? Callback
    : IsNever<Callback> extends true
      ? unknown
      : Callback extends AnyFunction
        ? FirstNonErrorTuple<Parameters<Callback>>
        : unknown;

/**
 * What an event's arguments may end in. An optional callback counts as both, and so does an argument of type `any`.
 */
type Ending<Args extends unknown[]> =
  IsAny<Last<Args>> extends true
    ? "callback" | "value"
    : IsNever<Last<Args>> extends true
      ? "value"
      : Last<Args> extends AnyFunction
        ? Args extends Required<Args>
          ? "callback"
          : "callback" | "value"
        : "value";

// The names are the keys of a mapped type, so that error messages list them.

/** Names of events that ask for an answer. */
export type EventNamesWithAck<
  Events extends EventsMap,
  Ev extends EventNames<Events> = EventNames<Events>,
> = keyof {
  [Name in Ev as "callback" extends Ending<EventParams<Events, Name>> ? Name : never]: Name;
} &
  Ev;

/** Names of events that can do without an answer. */
export type EventNamesWithoutAck<
  Events extends EventsMap,
  Ev extends EventNames<Events> = EventNames<Events>,
> = keyof {
  [Name in Ev as "value" extends Ending<EventParams<Events, Name>> ? Name : never]: Name;
} &
  Ev;

/** Names of events whose answer begins with an error, as it does after `timeout()`. */
export type EventNamesWithError<
  Events extends EventsMap,
  Ev extends EventNamesWithAck<Events> = EventNamesWithAck<Events>,
> = keyof {
  [Name in Ev as FirstArg<Last<EventParams<Events, Name>>> extends Error ? Name : never]: Name;
} &
  Ev;

/** The events of a map that can do without an answer. */
export type RemoveAcknowledgements<Events extends EventsMap> = Pick<
  Events,
  EventNamesWithoutAck<Events>
>;

/** Every element of a tuple as an array. */
export type MultiplyArray<Tuple extends unknown[]> = { [At in keyof Tuple]: Tuple[At][] };

type WithError<Callback extends AnyFunction> =
  IsError<Parameters<Callback>[0]> extends true
    ? Callback
    : (err: Error, ...args: Parameters<Callback>) => ReturnType<Callback>;

type WithResponses<Callback extends AnyFunction> =
  Parameters<Callback> extends []
    ? Callback
    : IsError<Parameters<Callback>[0]> extends true
      ? Parameters<Callback> extends [infer Failure, infer Response, ...unknown[]]
        ? (err: Failure, responses: Response[]) => ReturnType<Callback>
        : Callback
      : (responses: Parameters<Callback>[0][]) => ReturnType<Callback>;

/**
 * Arguments whose callbacks take an error first; those that do already stay as they are.
 * `Exclude` lets a callback be optional.
 */
export type PrependTimeoutError<Args extends unknown[]> = {
  [At in keyof Args]: IsAny<Args[At]> extends true
    ? Args[At]
    : Exclude<Args[At], undefined> extends infer Arg extends AnyFunction
      ? WithError<Arg>
      : Args[At];
};

/** Arguments whose callbacks take a list: the first argument of each client's answer. */
export type ExpectMultipleResponses<Args extends unknown[]> = {
  [At in keyof Args]: IsAny<Args[At]> extends true
    ? Args[At]
    : Exclude<Args[At], undefined> extends infer Arg extends AnyFunction
      ? WithResponses<Arg>
      : Args[At];
};

/** The events after `timeout()`: acknowledgements take an error first. */
export type DecorateAcknowledgements<Events extends EventsMap> = {
  [Ev in keyof Events]: Events[Ev] extends (...args: infer Args) => infer Result
    ? (...args: PrependTimeoutError<Args>) => Result
    : Events[Ev];
};

/** The events of a broadcast: acknowledgements take a list of answers. */
export type DecorateAcknowledgementsWithMultipleResponses<Events extends EventsMap> = {
  [Ev in keyof Events]: Events[Ev] extends (...args: infer Args) => infer Result
    ? (...args: ExpectMultipleResponses<Args>) => Result
    : Events[Ev];
};

/** The events between servers: acknowledgements take an error and a list of answers. */
export type DecorateAcknowledgementsWithTimeoutAndMultipleResponses<Events extends EventsMap> = {
  [Ev in keyof Events]: Events[Ev] extends (...args: infer Args) => infer Result
    ? (...args: ExpectMultipleResponses<PrependTimeoutError<Args>>) => Result
    : Events[Ev];
};

/**
 * Names of events that can be passed on from one client to others: received and sent, without an answer, and with
 * arguments that fit.
 */
export type RelayedEvents<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
> = EventNamesWithoutAck<ListenEvents> &
  EventNamesWithoutAck<EmitEvents> &
  keyof {
    [Ev in EventNames<ListenEvents> & EventNames<EmitEvents> & string as EventParams<
      ListenEvents,
      Ev
    > extends EventParams<EmitEvents, Ev>
      ? Ev
      : never]: Ev;
  };
