// Takes files in pieces. What arrived before a connection was lost stays, and the page goes on from there.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Server } from "@sockeye/node";
import { listen, serveSite } from "../site/serve.ts";
import {
  type ClientToServer,
  type FileHead,
  LARGEST_FILE,
  PIECE_BYTES,
  type Piece,
  type Position,
  type ServerToClient,
} from "./events.ts";
import { IncomingFile } from "./incoming-file.ts";

/** Makes the server as slow as a far one, to see more of it. */
const DELAY_MS = Number(process.env["DELAY_MS"] ?? 0);

const folder = await mkdtemp(join(tmpdir(), "uploads-"));
const files = new Map<string, IncomingFile>();
const http = serveSite();
const io = new Server<ClientToServer, ServerToClient>(http, {
  // A piece, and what stands around it.
  maxHttpBufferSize: PIECE_BYTES + 64 * 1024,
});

async function begin({ id, size }: FileHead): Promise<Position> {
  if (typeof id !== "string" || !/^[\w-]{1,80}$/.test(id)) return { problem: "not a file" };
  if (!Number.isInteger(size) || size < 0 || size > LARGEST_FILE) return { problem: "too large" };
  const known = files.get(id);
  if (known !== undefined) return { next: known.next };
  const file = await IncomingFile.open(join(folder, String(files.size)), size);
  files.set(id, file);
  return { next: file.next };
}

async function take({ id, at, bytes }: Piece): Promise<Position> {
  const file = files.get(id);
  if (file === undefined || !(bytes instanceof Uint8Array)) return { problem: "not begun" };
  await delay(DELAY_MS);
  await file.write(at, bytes);
  return { next: file.next };
}

io.on("connection", (socket) => {
  socket.on("begin", async (head, answer) => answer(await begin(head)));
  socket.on("piece", async (piece, answer) => answer(await take(piece)));
  socket.on("end", async (id, answer) => {
    const file = files.get(id);
    const isWhole = file !== undefined && file.next === file.size;
    answer(isWhole ? { sha256: await file.digest() } : { problem: "not complete" });
  });
});

listen(http, {
  close: async () => {
    await io.close();
    for (const file of files.values()) await file.close();
    await rm(folder, { recursive: true });
  },
});
