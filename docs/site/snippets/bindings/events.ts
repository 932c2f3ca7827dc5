export interface ServerToClient {
  said: (text: string) => void;
}
export interface ClientToServer {
  say: (text: string, answer: (listeners: number) => void) => void;
}
