// The declarations of the adapters, with ours in the place of socket.io-adapter, and adapters of an application in TypeScript.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { report } from "./conversation.mjs";

const PROGRAM = `
import { createAdapter as cluster } from "@socket.io/cluster-adapter";
import { createAdapter as postgres } from "@socket.io/postgres-adapter";
import { createAdapter as streams } from "@socket.io/redis-streams-adapter";
import { Server, type ServerOptions } from "socket.io";
import {
  ClusterAdapter,
  ClusterAdapterWithHeartbeat,
  type ClusterMessage,
  type ClusterResponse,
  MessageType,
  type Offset,
  type ServerId,
} from "socket.io-adapter";

class Own extends ClusterAdapter {
  constructor(nsp: any) {
    super(nsp);
    this.publish({ type: MessageType.SERVER_SIDE_EMIT, data: { packet: ["hello", this.uid] } });
  }
  protected doPublish(message: ClusterMessage): Promise<Offset> {
    this.onMessage(message, "1");
    return Promise.resolve("1");
  }
  protected async doPublishResponse(to: ServerId, response: ClusterResponse): Promise<void> {
    if (to !== response.uid) this.onResponse(response);
  }
}

class Beating extends ClusterAdapterWithHeartbeat {
  constructor(nsp: any) {
    super(nsp, { heartbeatInterval: 1000 });
  }
  protected doPublish(): Promise<Offset> {
    return Promise.resolve("");
  }
  protected doPublishResponse(): Promise<void> {
    return Promise.resolve();
  }
}

export const options: Partial<ServerOptions>[] = [
  { adapter: cluster() },
  { adapter: postgres({} as never) },
  { adapter: streams({} as never) },
  { adapter: Own },
  { adapter: Beating },
];
export const servers: Server[] = options.map((each) => new Server(each));
`;

writeFileSync("declared.ts", PROGRAM);
const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022"];
const args = ["node_modules/typescript/bin/tsc", ...options, "declared.ts"];
execFileSync(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
report(["declarations"]);
