// The typed face of what waits for one client.

/** What waits for a client that does not read as fast as is sent. Socket.IO has no such members. */
export interface SocketBackPressure {
  /**
   * Lets the next event take the place of an earlier one of the same key that the client has not taken yet. An event that
   * expects an acknowledgement takes no place, and is not replaced.
   * @param key what the event is the newest state of, within the namespace
   * @returns the socket
   * @example socket.latest("score").emit("score", 3);
   */
  latest(key: string): this;
  /**
   * Bytes that were sent to the client, over any of its namespaces, and have not left this process: text counts one for each
   * character. 0 where a runtime does not know.
   * @example if (socket.bufferedAmount > 1e6) console.log(`${socket.id} does not read`);
   */
  readonly bufferedAmount: number;
  /**
   * Resolves when everything sent to the client so far has left this process. A loop that awaits it sends as fast as the
   * client reads. Rejects with `ERR_DISCONNECTED` when the connection ends before.
   * @example for await (const chunk of file) { socket.emit("chunk", chunk); await socket.drained(); }
   */
  drained(): Promise<void>;
}
