// The contract between the page and the server: every event, its arguments and its answer.
// Types only; both sides import this file and the compiler keeps them in step.
// It knows nothing of how either side keeps its state.

/** Somebody in the chat. One person may have several tabs open. */
export interface Person {
  /** Public id, made by the server from the secret key that the page keeps. */
  readonly id: string;
  readonly name: string;
}

/** A person with at least one open tab. */
export interface OnlinePerson extends Person {
  /** The rooms this person's tabs are showing at the moment. */
  readonly rooms: readonly string[];
}

/** A room as it appears in the list of rooms. */
export interface RoomSummary {
  readonly name: string;
  /** How many messages were written in it since the server started. */
  readonly count: number;
}

/** What is known about a picture without having its bytes. */
export interface PictureInfo {
  readonly id: string;
  /** Media type, decided by the server from the bytes themselves. */
  readonly type: string;
  /** Size in pixels as told by the sender; only good for reserving space on the page. */
  readonly width: number;
  readonly height: number;
}

/** A message that the server has accepted. */
export interface Message {
  /** Chosen by the sender's page. With the author's id it names the message for ever. */
  readonly id: string;
  readonly room: string;
  readonly author: Person;
  readonly text: string;
  /** Server time, milliseconds since 1970; strictly increasing within a room. */
  readonly at: number;
  /** This message is the n-th of its room since the server started. */
  readonly number: number;
  readonly picture?: PictureInfo;
}

/** What Socket.IO carries as binary: a browser receives `ArrayBuffer`, Node receives `Buffer`. */
export type Bytes = ArrayBuffer | Uint8Array;

/** A picture on its way to the server. */
export interface PictureDraft {
  readonly bytes: Bytes;
  readonly width: number;
  readonly height: number;
}

/** A message on its way to the server. Sending the same id twice is harmless. */
export interface Draft {
  /** 32 lower-case hexadecimal digits, new for each message. */
  readonly id: string;
  readonly room: string;
  readonly text: string;
  readonly picture?: PictureDraft;
}

/** Why the server refused a request. `message` is fit to be shown to a person. */
export interface Problem {
  readonly code:
    | "bad-person"
    | "bad-room"
    | "bad-message"
    | "bad-picture"
    | "no-picture"
    | "too-many-rooms"
    | "internal";
  readonly message: string;
}

/** The answer to a request: the value, or why not. */
export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: Problem };

/** Sent once per connection, so that a page that was away knows where it stands. */
export interface Welcome {
  readonly you: Person;
  /** When the server started. Another value than before means: it was restarted and forgot all. */
  readonly startedAt: number;
  readonly rooms: readonly RoomSummary[];
  readonly people: readonly OnlinePerson[];
}

/** The state of a room at the moment a tab starts to show it. */
export interface RoomView {
  readonly room: RoomSummary;
  /** The newest messages, oldest first. */
  readonly messages: readonly Message[];
}

/** What the page may ask of the server. */
export interface ClientToServer {
  /** Show this room in this tab, creating it when there is none of that name. */
  "room:enter": (name: string, answer: (result: Answer<RoomView>) => void) => void;
  "message:send": (draft: Draft, answer: (result: Answer<Message>) => void) => void;
  /** The bytes of a picture that came with the history. */
  "picture:get": (id: string, answer: (result: Answer<Bytes>) => void) => void;
  "person:rename": (name: string, answer: (result: Answer<Person>) => void) => void;
  /** This person started or stopped writing in the room that the tab shows. */
  typing: (isTyping: boolean) => void;
  /** Answered at once; the page measures how long that took. */
  "latency:probe": (answer: (result: Answer<null>) => void) => void;
}

/** What the server tells the page. */
export interface ServerToClient {
  welcome: (welcome: Welcome) => void;
  /** The whole list, whenever a room comes or goes. */
  rooms: (rooms: readonly RoomSummary[]) => void;
  /** Everybody online, whenever someone comes, goes, moves or is renamed. */
  people: (people: readonly OnlinePerson[]) => void;
  /** A message in the room that this tab shows, with the bytes of its picture if it has one. */
  "message:new": (message: Message, picture?: Bytes) => void;
  /** A message was written in a room that this tab does not show. */
  "room:activity": (room: RoomSummary, authorId: string) => void;
  typing: (person: Person, isTyping: boolean) => void;
}

/** What a page says about itself when it connects. */
export interface PageAuth {
  /** Secret of 32 lower-case hexadecimal digits; tabs of one browser share it. */
  readonly key: string;
  readonly name: string;
}
