// Answers with header and body in one write, and whoever has a hand in the answer instead.

import { once } from "node:events";
import { createServer, type RequestListener, type ServerOptions, ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { endWithText } from "./whole-answer.ts";

let stop: () => void = () => {};
afterEach(() => stop());

/** What raw requests bring, once the server has answered and closed. */
async function askRaw(
  requests: string,
  listener: RequestListener,
  options: ServerOptions = {},
): Promise<string> {
  const http = createServer(options, listener);
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const peer = connect((http.address() as AddressInfo).port, "127.0.0.1");
  stop = () => {
    peer.destroy();
    http.close();
  };
  peer.write(requests);
  let text = "";
  peer.setEncoding("latin1").on("data", (chunk: string) => {
    text += chunk;
  });
  await once(peer, "end");
  return text;
}

const LAST = "Connection: close\r\n";
const request = (start: string, headers = ""): string =>
  `${start} HTTP/1.1\r\nHost: here\r\n${headers}\r\n`;

/** What one request brings. */
const ask = (listener: RequestListener, options?: ServerOptions): Promise<string> =>
  askRaw(request("GET /", LAST), listener, options);

/** What is written to a network socket, chunk by chunk. */
function chunksOf(socket: Socket): unknown[] {
  const chunks: unknown[] = [];
  const one = socket._write.bind(socket);
  const many = socket._writev?.bind(socket);
  socket._write = (chunk, encoding, done) => {
    chunks.push(chunk);
    one(chunk, encoding, done);
  };
  socket._writev = (parts, done) => {
    chunks.push(...parts.map(({ chunk }: { chunk: unknown }) => chunk));
    many?.(parts, done);
  };
  return chunks;
}

const HEADERS = { "content-length": "5" };
const bodyIn = (answer: string): string => answer.slice(answer.indexOf("\r\n\r\n") + 4);

describe("one write", () => {
  test("header and body leave together", async () => {
    let chunks: unknown[] = [];
    const answer = await ask(({ socket }, response) => {
      chunks = chunksOf(socket);
      response.writeHead(200, HEADERS);
      endWithText(response, "hello");
    });
    expect(chunks).toEqual([answer]);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\ncontent-length: 5\r\n[\s\S]*\r\n\r\nhello$/);
  });

  test("the answer is finished like any other", async () => {
    const seen: unknown[] = [];
    await ask((_request, response) => {
      response.on("finish", () => seen.push("finish"));
      response.writeHead(200, HEADERS);
      endWithText(response, "hello");
      seen.push(response.writableEnded, response.headersSent, response.statusCode);
    });
    expect(seen).toEqual([true, true, 200, "finish"]);
  });

  test("several requests at once are answered in their order", async () => {
    const requests = request("GET /1") + request("GET /2") + request("GET /3", LAST);
    const text = await askRaw(requests, ({ url }, response) => {
      response.writeHead(200, { "content-length": "2" });
      // The first is answered last.
      if (url === "/1") setImmediate(() => endWithText(response, "/1"));
      else endWithText(response, url ?? "");
    });
    expect(text.match(/\r\n\r\n\/[123]/g)).toEqual(["\r\n\r\n/1", "\r\n\r\n/2", "\r\n\r\n/3"]);
  });
});

describe("others have a hand in it", () => {
  test.each(["end", "write", "writeHead"] as const)("%s replaced on the answer", async (name) => {
    let chunks: unknown[] = [];
    const answer = await ask(({ socket }, response) => {
      chunks = chunksOf(socket);
      const before = response[name].bind(response) as (...given: unknown[]) => unknown;
      (response as unknown as Record<string, unknown>)[name] = (...given: unknown[]) =>
        before(...given);
      response.writeHead(200, HEADERS);
      endWithText(response, "hello");
    });
    expect(bodyIn(answer)).toBe("hello");
    expect(chunks).toEqual([answer, ""]);
  });

  test("a class of one's own is given the body", async () => {
    const given: unknown[] = [];
    class Own extends ServerResponse {
      // biome-ignore lint/suspicious/noExplicitAny: the overloads of Node's own
      override end(...parts: any[]): this {
        given.push(parts[0]);
        return super.end(...(parts as [string]));
      }
    }
    const answer = await ask(
      (_request, response) => {
        response.writeHead(200, HEADERS);
        endWithText(response, "hello");
      },
      { ServerResponse: Own as unknown as typeof ServerResponse },
    );
    expect([bodyIn(answer), given]).toEqual(["hello", ["hello"]]);
  });

  test("HEAD has no body, and a strict length is counted", async () => {
    const listener: RequestListener = (_request, response) => {
      response.strictContentLength = true;
      response.writeHead(200, HEADERS);
      endWithText(response, "hello");
    };
    expect(bodyIn(await ask(listener))).toBe("hello");
    stop();
    expect(bodyIn(await askRaw(request("HEAD /", LAST), listener))).toBe("");
  });
});
