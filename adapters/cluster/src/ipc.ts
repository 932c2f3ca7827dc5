// What a worker and its parent say to each other. Bytes travel as they are between threads, and as Latin-1 text between
// processes, because Node's default serialisation there is JSON.

/** A message between a worker and its parent. */
export type IpcMessage =
  /** A node of this worker receives from now on. The parent answers with `joined`. */
  | { readonly op: "join"; readonly node: string }
  | { readonly op: "joined"; readonly node: string }
  | { readonly op: "leave"; readonly node: string }
  | { readonly op: "publish"; readonly from: string; readonly echo: boolean; readonly data: Data }
  | { readonly op: "send"; readonly to: string; readonly data: Data }
  /** A message for one node, or for all nodes of the worker but the one that published it. */
  | {
      readonly op: "deliver";
      readonly to: string | null;
      readonly but: string | null;
      readonly data: Data;
    }
  | { readonly op: "count"; readonly node: string }
  | { readonly op: "counted"; readonly node: string; readonly count: number }
  /** A worker has ended, with this node of it. */
  | { readonly op: "gone"; readonly node: string };

/** Bytes on their way. */
export type Data = Uint8Array | string;

/** Marks our messages among those of the application. */
const MARK = "sockeye:cluster";

interface Marked {
  readonly [MARK]: IpcMessage;
}

/** A message in the form that is sent. */
export function marked(message: IpcMessage): object {
  return { [MARK]: message } satisfies Marked;
}

/** The message in what has arrived; nothing when it is not ours. */
export function unmarked(arrived: unknown): IpcMessage | undefined {
  return (arrived as Partial<Marked> | null | undefined)?.[MARK];
}

/** Bytes in a form that a process can be sent. */
export function asText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** The bytes of a message. */
export function asBytes(data: Data): Uint8Array {
  return typeof data === "string" ? Buffer.from(data, "latin1") : data;
}
