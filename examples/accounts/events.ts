// The events between page and server, and what the page asks for over HTTP.

export interface Message {
  readonly id: number;
  readonly author: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface ServerToClient {
  /** What was said lately, with each connection. */
  history: (messages: Message[]) => void;
  said: (message: Message) => void;
}

export interface ClientToServer {
  /** The page makes the key: a message that is sent again is stored once. */
  say: (key: string, text: string, answer: (isStored: boolean) => void) => void;
}

/** The answer to `POST /session`, `POST /account` and `GET /token`: who one is, and a token for the socket. */
export interface Pass {
  readonly name: string;
  readonly token: string;
}

export const LONGEST_NAME = 24;
export const LONGEST_TEXT = 2000;
