// Single HTTP requests without any help: one connection each, nothing followed, nothing retried, and the
// possibility to break off at any stage.
import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
} from "node:http";
import { within } from "./deadline.ts";

/** A request to be made. */
export interface RawRequest {
  readonly method?: string;
  /** Path and query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array;
}

/** What came back. */
export interface RawResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body as UTF-8. */
  readonly text: string;
}

/** A request on its way: its answer, and the means to break it off. */
export interface Exchange {
  readonly request: ClientRequest;
  readonly response: Promise<RawResponse>;
  abort(): void;
}

/** Sends a request and does not wait. The answer's promise may be ignored. */
export function begin(
  port: number,
  { method = "GET", path, headers = {}, body }: RawRequest,
): Exchange {
  const outgoing = request({ host: "127.0.0.1", port, method, path, headers, agent: false });
  const response = new Promise<RawResponse>((resolve, reject) => {
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => collect(incoming).then(resolve, reject));
  });
  response.catch(() => undefined);
  if (body === undefined) outgoing.end();
  else outgoing.end(body);
  return { request: outgoing, response, abort: () => outgoing.destroy() };
}

/** Sends a request and waits for its answer. */
export async function fetchRaw(port: number, plan: RawRequest): Promise<RawResponse> {
  return await within(
    begin(port, plan).response,
    `the answer to ${plan.method ?? "GET"} ${plan.path}`,
  );
}

async function collect(incoming: IncomingMessage): Promise<RawResponse> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return {
    status: incoming.statusCode ?? 0,
    headers: incoming.headers,
    body,
    text: body.toString("utf8"),
  };
}
