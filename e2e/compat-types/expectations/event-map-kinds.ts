// The helper types by name: Socket.IO's and ours make the same of the same maps.

import type * as ours from "@sockeye/events";
import type * as theirs from "../../../node_modules/socket.io/dist/typed-events.js";
import { type Equal, is } from "./equal.js";

interface Events {
  plain: (text: string) => void;
  none: () => void;
  ask: (text: string, answer: (choice: string, score: number) => void) => void;
  done: (answer: () => void) => void;
  failing: (answer: (err: Error, choice: string) => void) => void;
  // biome-ignore lint/suspicious/noExplicitAny: answers of any type are part of what is compared.
  loose: (answer: (choice: any) => void) => void;
}
interface Reserved {
  ready: (at: number) => void;
}

is<Equal<theirs.EventNames<Events>, ours.EventNames<Events>>>();
is<Equal<theirs.EventNamesWithAck<Events>, ours.EventNamesWithAck<Events>>>();
is<Equal<theirs.EventNamesWithoutAck<Events>, ours.EventNamesWithoutAck<Events>>>();
is<Equal<theirs.EventParams<Events, "ask">, ours.EventParams<Events, "ask">>>();
is<Equal<theirs.EventParams<Events, "none">, ours.EventParams<Events, "none">>>();
is<Equal<keyof theirs.RemoveAcknowledgements<Events>, keyof ours.RemoveAcknowledgements<Events>>>();
is<Equal<theirs.DefaultEventsMap, ours.DefaultEventsMap>>();
is<Equal<theirs.EventNames<theirs.DefaultEventsMap>, ours.EventNames<ours.DefaultEventsMap>>>();
is<
  Equal<
    theirs.ReservedOrUserEventNames<Reserved, Events>,
    ours.ReservedOrUserEventNames<Reserved, Events>
  >
>();
is<
  Equal<
    theirs.ReservedOrUserListener<Reserved, Events, "ready">,
    ours.ReservedOrUserListener<Reserved, Events, "ready">
  >
>();
is<
  Equal<
    theirs.ReservedOrUserListener<Reserved, Events, "ask">,
    ours.ReservedOrUserListener<Reserved, Events, "ask">
  >
>();

is<Equal<theirs.Last<[1, 2, 3]>, ours.Last<[1, 2, 3]>>>();
is<Equal<theirs.Last<[1]>, ours.Last<[1]>>>();
is<Equal<theirs.AllButLast<[1, 2, 3]>, ours.AllButLast<[1, 2, 3]>>>();
is<Equal<theirs.FirstNonErrorTuple<[Error, 1]>, ours.FirstNonErrorTuple<[Error, 1]>>>();
is<Equal<theirs.FirstNonErrorTuple<[1, 2]>, ours.FirstNonErrorTuple<[1, 2]>>>();
is<
  Equal<
    theirs.FirstNonErrorArg<(err: Error, a: 1) => void>,
    ours.FirstNonErrorArg<(err: Error, a: 1) => void>
  >
>();
is<Equal<theirs.FirstNonErrorArg<(a: 1) => void>, ours.FirstNonErrorArg<(a: 1) => void>>>();
is<Equal<theirs.MultiplyArray<[1, string]>, ours.MultiplyArray<[1, string]>>>();

type Answers<Map extends { [name: string]: (...args: never) => void }> = {
  [Name in keyof Map]: Parameters<Map[Name]>;
};
type Named = "plain" | "ask" | "done" | "failing";
is<
  Equal<
    Answers<Pick<theirs.DecorateAcknowledgements<Events>, Named>>,
    Answers<Pick<ours.DecorateAcknowledgements<Events>, Named>>
  >
>();
is<
  Equal<
    Answers<Pick<theirs.DecorateAcknowledgementsWithMultipleResponses<Events>, Named>>,
    Answers<Pick<ours.DecorateAcknowledgementsWithMultipleResponses<Events>, Named>>
  >
>();
is<
  Equal<
    Answers<Pick<theirs.DecorateAcknowledgementsWithTimeoutAndMultipleResponses<Events>, Named>>,
    Answers<Pick<ours.DecorateAcknowledgementsWithTimeoutAndMultipleResponses<Events>, Named>>
  >
>();

const sender: ours.TypedEventBroadcaster<Events> =
  undefined as unknown as theirs.TypedEventBroadcaster<Events>;
void sender;
