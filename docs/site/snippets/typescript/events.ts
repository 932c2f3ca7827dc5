// What both sides know.

export interface ServerToClient {
  said: (from: string, text: string) => void;
}

export interface ClientToServer {
  say: (text: string, answer: (result: { id: number }) => void) => void;
}
