// The chat itself: lets people in, answers their requests and tells the others. All that a page
// sends goes through input.ts first; this file only ever sees checked values.

import type { Server, Socket } from "@sockeye/node";
import type {
  ClientToServer,
  Message,
  Person,
  RoomView,
  ServerToClient,
} from "../shared/events.ts";
import {
  checkedDraft,
  checkedPersonName,
  checkedPictureId,
  checkedRoomName,
  personFrom,
} from "./input.ts";
import { People } from "./people.ts";
import { Pictures } from "./pictures.ts";
import { answer, problemFrom } from "./refusal.ts";
import { type Room, Rooms } from "./rooms.ts";

/** What the chat remembers about each socket. */
export interface SocketData {
  /** As admitted. A later change of name is only known to `People`. */
  person: Person;
  /** The room the tab shows, once it has entered one. */
  room?: string;
}

/** Servers of a chat do not talk to each other. */
export type NoEvents = Record<never, never>;

/** The server with the chat's events. */
export type ChatServer = Server<ClientToServer, ServerToClient, NoEvents, SocketData>;

type ChatSocket = Socket<ClientToServer, ServerToClient, NoEvents, SocketData>;

const pictureStoreBytes = 64 * 1024 * 1024;

/** A chat on one server. It does nothing until `open` is called. */
export class Chat {
  readonly #io: ChatServer;
  readonly #startedAt: number;
  readonly #people: People = new People();
  readonly #rooms: Rooms = new Rooms();
  readonly #pictures: Pictures = new Pictures(pictureStoreBytes);

  constructor(io: ChatServer) {
    this.#io = io;
    this.#startedAt = Date.now();
  }

  /** Starts to let people in. */
  open(): void {
    this.#io.use((socket, next) => {
      try {
        this.#admit(socket);
        next();
      } catch (error) {
        const problem = problemFrom(error);
        next(Object.assign(new Error(problem.message), { data: problem }));
      }
    });
    this.#io.on("connection", (socket) => this.#serve(socket));
  }

  #admit(socket: ChatSocket): void {
    socket.data.person = personFrom(socket.handshake.auth);
  }

  #serve(socket: ChatSocket): void {
    const { person } = socket.data;
    this.#people.arrive(person, socket.id);
    socket.on("room:enter", (name, ack) => answer(ack, () => this.#enter(socket, name)));
    socket.on("message:send", (draft, ack) => answer(ack, () => this.#post(socket, draft)));
    socket.on("person:rename", (name, ack) => answer(ack, () => this.#rename(person.id, name)));
    socket.on("picture:get", (id, ack) =>
      answer(ack, () => this.#pictures.bytesOf(checkedPictureId(id))),
    );
    socket.on("latency:probe", (ack) => answer(ack, () => null));
    socket.on("typing", (isTyping) => this.#typing(socket, isTyping === true));
    socket.on("disconnect", () => {
      this.#typing(socket, false);
      this.#people.leave(person.id, socket.id);
      this.#tellPeople();
    });
    socket.emit("welcome", {
      you: this.#people.person(person.id),
      startedAt: this.#startedAt,
      rooms: this.#rooms.list(),
      people: this.#people.list(),
    });
    this.#tellPeople();
  }

  #enter(socket: ChatSocket, input: unknown): RoomView {
    const room = this.#roomNamed(checkedRoomName(input));
    if (socket.data.room !== room.name) {
      this.#typing(socket, false);
      if (socket.data.room !== undefined) void socket.leave(channelOf(socket.data.room));
      void socket.join(channelOf(room.name));
      socket.data.room = room.name;
      this.#people.look(socket.data.person.id, socket.id, room.name);
      this.#tellPeople();
    }
    return { room: room.summary(), messages: room.history() };
  }

  #post(socket: ChatSocket, input: unknown): Message {
    const { id, room: roomName, text, picture } = checkedDraft(input);
    const author = this.#people.person(socket.data.person.id);
    const room = this.#roomNamed(roomName);
    // A page that never got our answer sends the message again: once is enough.
    const known = room.find(author.id, id);
    if (known !== undefined) return known;

    const info = picture === undefined ? {} : { picture: this.#pictures.keep(picture) };
    const message = room.add({ id, author, text, ...info });

    const others = socket.to(channelOf(room.name));
    if (picture === undefined) others.emit("message:new", message);
    else others.emit("message:new", message, picture.bytes);
    this.#io.except(channelOf(room.name)).emit("room:activity", room.summary(), author.id);
    return message;
  }

  #rename(personId: string, input: unknown): Person {
    this.#people.rename(personId, checkedPersonName(input));
    this.#tellPeople();
    return this.#people.person(personId);
  }

  // Typing notices are worth nothing when late, so they may be dropped: volatile.
  #typing(socket: ChatSocket, isTyping: boolean): void {
    const { room, person } = socket.data;
    if (room === undefined) return;
    const others = socket.volatile.to(channelOf(room));
    others.emit("typing", this.#people.person(person.id), isTyping);
  }

  #roomNamed(name: string): Room {
    const existing = this.#rooms.get(name);
    if (existing !== undefined) return existing;
    const room = this.#rooms.create(name, this.#people.roomsInUse());
    this.#io.emit("rooms", this.#rooms.list());
    return room;
  }

  #tellPeople(): void {
    this.#io.emit("people", this.#people.list());
  }
}

// Every socket is also in a room of its own id; the prefix keeps the people's rooms apart.
function channelOf(room: string): string {
  return `room:${room}`;
}
