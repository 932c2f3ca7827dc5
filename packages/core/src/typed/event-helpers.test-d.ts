// The helper types by themselves, as libraries on top of Socket.IO use them.
// biome-ignore-all lint/suspicious/noExplicitAny: undeclared events are part of what is tested.

import { describe, expectTypeOf, test } from "vitest";
import type {
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
} from "./index.ts";

interface Events {
  plain: (text: string) => void;
  ask: (text: string, answer: (choice: string, score: number) => void) => void;
  failing: (answer: (err: Error, choice: string) => void) => void;
  maybe: (answer?: (choice: string) => void) => void;
}
interface Reserved {
  ready: (at: number) => void;
}

describe("names and arguments", () => {
  test("of a map", () => {
    expectTypeOf<EventNames<Events>>().toEqualTypeOf<"plain" | "ask" | "failing" | "maybe">();
    expectTypeOf<EventNames<DefaultEventsMap>>().toEqualTypeOf<string>();
    expectTypeOf<EventParams<Events, "plain">>().toEqualTypeOf<[text: string]>();
    expectTypeOf<ReservedOrUserEventNames<Reserved, Pick<Events, "ask">>>().toEqualTypeOf<
      "ready" | "ask"
    >();
    expectTypeOf<ReservedOrUserListener<Reserved, Events, "ready">>().toEqualTypeOf<
      (at: number) => void
    >();
    expectTypeOf<ReservedOrUserListener<Reserved, Events, "plain">>().toEqualTypeOf<
      (text: string) => void
    >();
    expectTypeOf<FallbackToUntypedListener<never>>().toEqualTypeOf<
      (...args: any[]) => void | Promise<void>
    >();
    expectTypeOf<FallbackToUntypedListener<() => void>>().toEqualTypeOf<() => void>();
  });

  test("by acknowledgement", () => {
    expectTypeOf<EventNamesWithAck<Events>>().toEqualTypeOf<"ask" | "failing" | "maybe">();
    expectTypeOf<EventNamesWithoutAck<Events>>().toEqualTypeOf<"plain" | "maybe">();
    expectTypeOf<EventNamesWithError<Events>>().toEqualTypeOf<"failing">();
    expectTypeOf<EventNamesWithError<DecorateAcknowledgements<Events>>>().toEqualTypeOf<
      "ask" | "failing" | "maybe"
    >();
    expectTypeOf<EventNamesWithAck<DefaultEventsMap>>().toEqualTypeOf<string>();
    expectTypeOf<EventNamesWithoutAck<DefaultEventsMap>>().toEqualTypeOf<string>();
    expectTypeOf<EventNamesWithError<DefaultEventsMap>>().toEqualTypeOf<string>();
    expectTypeOf<RemoveAcknowledgements<Events>>().toEqualTypeOf<Pick<Events, "plain" | "maybe">>();
  });
});

describe("tuples", () => {
  test("ends", () => {
    expectTypeOf<Last<[1, 2, 3]>>().toEqualTypeOf<3>();
    expectTypeOf<Last<[]>>().toBeNever();
    expectTypeOf<Last<any[]>>().toBeAny();
    expectTypeOf<AllButLast<[a: 1, b: 2, c: 3]>>().toEqualTypeOf<[a: 1, b: 2]>();
    expectTypeOf<AllButLast<any[]>>().toEqualTypeOf<any[]>();
    expectTypeOf<FirstNonErrorTuple<[Error, 2]>>().toEqualTypeOf<2>();
    expectTypeOf<FirstNonErrorTuple<[1, 2]>>().toEqualTypeOf<1>();
    expectTypeOf<FirstNonErrorTuple<[]>>().toEqualTypeOf<undefined>();
    expectTypeOf<FirstNonErrorTuple<[any]>>().toBeAny();
    expectTypeOf<FirstNonErrorArg<(err: Error, choice: 1) => void>>().toEqualTypeOf<1>();
    expectTypeOf<FirstNonErrorArg<() => void>>().toEqualTypeOf<undefined>();
    expectTypeOf<FirstNonErrorArg<any>>().toBeAny();
    expectTypeOf<MultiplyArray<[1, 2]>>().toEqualTypeOf<[1[], 2[]]>();
  });

  test("callbacks in arguments", () => {
    expectTypeOf<PrependTimeoutError<[1, (choice: 2) => void]>>().toEqualTypeOf<
      [1, (err: Error, choice: 2) => void]
    >();
    expectTypeOf<ExpectMultipleResponses<[1, (choice: 2, score: 3) => void]>>().toEqualTypeOf<
      [1, (responses: 2[]) => void]
    >();
    expectTypeOf<ExpectMultipleResponses<[(err: Error, choice: 2) => void]>>().toEqualTypeOf<
      [(err: Error, responses: 2[]) => void]
    >();
    expectTypeOf<ExpectMultipleResponses<[() => void]>>().toEqualTypeOf<[() => void]>();
    expectTypeOf<PrependTimeoutError<any[]>>().toEqualTypeOf<any[]>();
  });
});

describe("decorated maps", () => {
  test("with a time-out, for many, for other servers", () => {
    type TimedOut = DecorateAcknowledgements<Events>;
    expectTypeOf<TimedOut["plain"]>().toEqualTypeOf<Events["plain"]>();
    expectTypeOf<TimedOut["failing"]>().toEqualTypeOf<Events["failing"]>();
    expectTypeOf<EventParams<TimedOut, "ask">>().toEqualTypeOf<
      [text: string, answer: (err: Error, choice: string, score: number) => void]
    >();
    expectTypeOf<DecorateAcknowledgements<TimedOut>>().toEqualTypeOf<TimedOut>();
    expectTypeOf<
      EventParams<DecorateAcknowledgementsWithMultipleResponses<Events>, "ask">
    >().toEqualTypeOf<[text: string, answer: (responses: string[]) => void]>();
    expectTypeOf<
      EventParams<DecorateAcknowledgementsWithTimeoutAndMultipleResponses<Events>, "ask">
    >().toEqualTypeOf<[text: string, answer: (err: Error, responses: string[]) => void]>();
  });
});

describe("emitters", () => {
  test("strict ones hear one map, send another, and raise their own", () => {
    const emitter = {} as StrictEventEmitter<Pick<Events, "ask">, Pick<Events, "plain">, Reserved>;
    emitter.on("ready", (at) => expectTypeOf(at).toEqualTypeOf<number>());
    emitter.on("ask", (text) => expectTypeOf(text).toEqualTypeOf<string>());
    emitter.emit("plain", "text");
    // @ts-expect-error heard, not sent
    emitter.emit("ask", "text", () => {});
    // @ts-expect-error the emitter's own
    emitter.emit("ready", 1);
    const broadcaster: TypedEventBroadcaster<Pick<Events, "plain">> = emitter;
    broadcaster.emit("plain", "text");
  });
});
