// An assistant whose answers belong to the server: pages come and go, and several may watch one.

import { Server, type Socket } from "@sockeye/node";
import { listen, serveSite } from "../site/serve.ts";
import { answerTo } from "./answer.ts";
import type { FromOutbox, Question, ServerToClient, Turn } from "./events.ts";

type Io = Server<FromOutbox, ServerToClient>;

const LONGEST_QUESTION = 2000;
const PAUSE_MS = Number(process.env["PAUSE_MS"] ?? 40);

/** What clients send may be anything. */
function isQuestion(given: Partial<Question> | null | undefined): given is Question {
  return typeof given?.id === "string" && typeof given.text === "string";
}

/** What was said under one name, which the page keeps in its address. */
class Conversation {
  readonly #room: string;
  readonly #io: Io;
  readonly #turns: Turn[] = [];
  #stop = new AbortController();

  constructor(room: string, io: Io) {
    this.#room = room;
    this.#io = io;
  }

  join(socket: Socket<FromOutbox, ServerToClient>): void {
    void socket.join(this.#room);
    socket.emit("conversation", this.#turns);
    // With a stored outbox every event is acknowledged, as it would come again otherwise.
    socket.on("ask", (question, _kept, done) => {
      if (isQuestion(question)) this.#ask(question);
      done();
    });
    socket.on("stop", (_kept, done) => {
      this.#stop.abort();
      done();
    });
  }

  #ask({ id, text }: Question): void {
    if (this.#turns.some((turn) => turn.id === id)) return;
    this.#add({ id, from: "person", text: text.slice(0, LONGEST_QUESTION), isGrowing: false });
    void this.#answer(`${id}-answer`, text);
  }

  async #answer(id: string, question: string): Promise<void> {
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const at = this.#turns.length;
    let turn: Turn = { id, from: "assistant", text: "", isGrowing: true };
    this.#add(turn);
    for await (const piece of answerTo(question, { pauseMs: PAUSE_MS, signal })) {
      this.#io.to(this.#room).emit("piece", id, turn.text.length, piece);
      turn = { ...turn, text: turn.text + piece };
      this.#turns[at] = turn;
    }
    this.#turns[at] = { ...turn, isGrowing: false };
    this.#io.to(this.#room).emit("done", id);
  }

  #add(turn: Turn): void {
    this.#turns.push(turn);
    this.#io.to(this.#room).emit("turn", turn);
  }
}

const http = serveSite();
const io: Io = new Server(http);
const conversations = new Map<string, Conversation>();

io.on("connection", (socket) => {
  const { name } = socket.handshake.auth as { name?: unknown };
  const room = typeof name === "string" && name.length <= 64 ? name : socket.id;
  const conversation = conversations.get(room) ?? new Conversation(room, io);
  conversations.set(room, conversation);
  conversation.join(socket);
});

listen(http, io);
