// An Origin that no browser sends. Node's own parser refuses such a header unless it is told to be lenient.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { openTcp } from "../kit/raw-tcp.ts";
import { startServer } from "../kit/running-server.ts";
import { BASE } from "./arena.ts";

test.each(["sockeye", "socket.io"] as const)(
  "EN33 code 3: an Origin no browser sends, %s",
  async (name) => {
    await using server = await startServer(name);
    const lenient = createServer({ insecureHTTPParser: true });
    server.io.attach(lenient);
    await new Promise<void>((resolve) => lenient.listen(0, "127.0.0.1", resolve));
    using tcp = await openTcp((lenient.address() as AddressInfo).port);
    tcp.write(
      `GET ${BASE}&transport=polling HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: http://a\x01b\r\n\r\n`,
    );
    const [head = "", body] = (await tcp.ended()).split("\r\n\r\n");
    lenient.close();
    expect(head.split("\r\n")[0]).toBe("HTTP/1.1 400 Bad Request");
    expect(body).toContain('{"code":3,"message":"Bad request"}');
  },
);
