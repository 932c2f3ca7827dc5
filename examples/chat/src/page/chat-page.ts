// What the page knows (who I am, the rooms, their messages) and what happens when the server or
// the person says something. It holds the state; the views only ever show what they are given.

import type {
  Answer,
  Bytes,
  Draft,
  Message,
  OnlinePerson,
  Person,
  PictureDraft,
  RoomSummary,
  Welcome,
} from "../shared/events.ts";
import { lobby } from "../shared/names.ts";
import { type ChatSocket, orLost } from "./chat-socket.ts";
import { freshId } from "./identity.ts";
import { Outbox } from "./outbox.ts";
import { PictureUrls } from "./picture-urls.ts";
import { Timeline } from "./timeline.ts";
import { Unread } from "./unread.ts";

const answerMs = 10_000;
/** A picture on a slow line takes its time. */
const uploadMs = 45_000;

/** What the page shows, as plain values. */
export interface PageState {
  readonly me: Person | undefined;
  readonly startedAt: number;
  readonly room: string;
  readonly rooms: readonly RoomSummary[];
  readonly people: readonly OnlinePerson[];
  readonly timeline: Timeline;
  readonly unread: Unread;
}

/** Whom the page tells about changes. */
export interface PagePort {
  /** Rooms, people or unread counts changed. */
  onLists(state: PageState): void;
  /** The messages on show changed: by a `"live"` event, or because a `"history"` was loaded. */
  onMessages(state: PageState, news: "history" | "live"): void;
  onTyping(person: Person, isTyping: boolean): void;
  /** A message of this person arrived in the room on show. */
  onArrived(authorId: string): void;
  /** The server said no. */
  onProblem(text: string): void;
  /** There is no such room and there cannot be one. */
  onRoomRefused(): void;
}

/** One open page of the chat. */
export class ChatPage {
  readonly pictures: PictureUrls;
  readonly #socket: ChatSocket;
  readonly #port: PagePort;
  readonly #outbox: Outbox;
  readonly #timelines: Map<string, Timeline> = new Map();
  readonly #unread: Unread = new Unread();
  #me: Person | undefined;
  #startedAt = 0;
  #room = lobby;
  #rooms: readonly RoomSummary[] = [];
  #people: readonly OnlinePerson[] = [];

  constructor(socket: ChatSocket, port: PagePort) {
    this.#socket = socket;
    this.#port = port;
    this.pictures = new PictureUrls((id) => this.#fetchPicture(id));
    this.#outbox = new Outbox({
      send: (draft) => orLost(socket.timeout(uploadMs).emitWithAck("message:send", draft)),
      isConnected: () => socket.connected,
      onSent: (draft, message) => this.#sent(draft, message),
      onRefused: (draft, problem) => {
        this.#timelineOf(draft.room).settle(draft.id);
        this.#changedIn(draft.room);
        this.#port.onProblem(`Not sent: ${problem.message}`);
      },
    });
  }

  /** Listens to the server. Comes before the socket connects, or the welcome would be missed. */
  listen(): void {
    const socket = this.#socket;
    socket.on("welcome", (welcome) => this.#welcomed(welcome));
    socket.on("rooms", (rooms) => {
      this.#rooms = rooms;
      this.#showLists();
    });
    socket.on("people", (people) => {
      this.#people = people;
      this.#me = people.find((person) => person.id === this.#me?.id) ?? this.#me;
      this.#showLists();
    });
    socket.on("message:new", (message, bytes) => this.#arrived(message, bytes));
    socket.on("room:activity", (room, authorId) => {
      this.#unread.written(room);
      if (authorId === this.#me?.id) this.#unread.seenOne(room.name);
      this.#showLists();
    });
    socket.on("typing", (person, isTyping) => {
      if (person.id !== this.#me?.id) this.#port.onTyping(person, isTyping);
    });
  }

  /** Shows another room. */
  goTo(room: string): void {
    this.#room = room;
    this.#port.onMessages(this.#state(), "history");
    this.#showLists();
    if (this.#socket.connected) void this.#enter(room);
  }

  /** Sends a message to the room on show: now, or when the connection is back. */
  send(text: string, picture: PictureDraft | undefined): void {
    const draft: Draft = { id: freshId(), room: this.#room, text, ...(picture && { picture }) };
    if (picture !== undefined) this.pictures.provide(draft.id, picture.bytes);
    this.#timelineOf(draft.room).wait(draft);
    this.#changedIn(draft.room);
    this.#outbox.add(draft);
  }

  /** Takes another name. `"lost"` when the server could not be asked. */
  rename(name: string): Promise<Answer<Person> | "lost"> {
    return orLost(this.#socket.timeout(answerMs).emitWithAck("person:rename", name));
  }

  /** The person can see the page again. */
  lookedAt(): void {
    this.#unread.seenAll(this.#room);
    this.#showLists();
  }

  // Everything that has to be put right after a connection was made, for the first or tenth time.
  #welcomed({ you, startedAt, rooms, people }: Welcome): void {
    this.#me = you;
    this.#startedAt = startedAt;
    this.#rooms = rooms;
    this.#people = people;
    this.#unread.welcome(startedAt, rooms);
    this.#showLists();
    void this.#enter(this.#room).then(() => this.#outbox.resume());
  }

  async #enter(room: string): Promise<void> {
    const answer = await orLost(this.#socket.timeout(answerMs).emitWithAck("room:enter", room));
    if (answer === "lost") {
      // Without a connection the next welcome tries again; a silent server is asked again.
      if (this.#socket.connected && room === this.#room) await this.#enter(room);
    } else if (answer.ok) {
      this.#timelineOf(room).load(answer.value.messages);
      this.#unread.written(answer.value.room);
      if (room !== this.#room) return;
      this.#unread.seenAll(room);
      this.#port.onMessages(this.#state(), "history");
      this.#showLists();
    } else if (room === this.#room) {
      this.#port.onProblem(answer.problem.message);
      this.#port.onRoomRefused();
    }
  }

  #arrived(message: Message, bytes: Bytes | undefined): void {
    if (message.picture !== undefined && bytes !== undefined) {
      this.pictures.provide(message.picture.id, bytes);
    }
    this.#timelineOf(message.room).merge([message]);
    this.#unread.written({ name: message.room, count: message.number });
    const isSeen = !document.hidden || message.author.id === this.#me?.id;
    if (message.room === this.#room && isSeen) this.#unread.seenAll(message.room);
    if (message.room === this.#room) this.#port.onArrived(message.author.id);
    this.#changedIn(message.room);
    this.#showLists();
  }

  #sent(draft: Draft, message: Message): void {
    if (message.picture !== undefined) this.pictures.rename(draft.id, message.picture.id);
    const timeline = this.#timelineOf(message.room);
    timeline.settle(draft.id);
    timeline.merge([message]);
    // In the room on show nobody else counts it; elsewhere the server's activity notice does.
    if (message.room === this.#room) {
      this.#unread.written({ name: message.room, count: message.number });
      this.#unread.seenAll(message.room);
    }
    this.#changedIn(message.room);
    this.#showLists();
  }

  async #fetchPicture(id: string): Promise<Answer<Bytes>> {
    const answer = await orLost(this.#socket.timeout(uploadMs).emitWithAck("picture:get", id));
    if (answer !== "lost") return answer;
    if (!this.#socket.connected) {
      await new Promise<void>((resolve) => this.#socket.once("connect", () => resolve()));
    }
    return this.#fetchPicture(id);
  }

  #changedIn(room: string): void {
    if (room === this.#room) this.#port.onMessages(this.#state(), "live");
  }

  #showLists(): void {
    this.#port.onLists(this.#state());
  }

  #timelineOf(room: string): Timeline {
    const timeline = this.#timelines.get(room) ?? new Timeline();
    this.#timelines.set(room, timeline);
    return timeline;
  }

  #state(): PageState {
    return {
      me: this.#me,
      startedAt: this.#startedAt,
      room: this.#room,
      rooms: this.#rooms,
      people: this.#people,
      timeline: this.#timelineOf(this.#room),
      unread: this.#unread,
    };
  }
}
