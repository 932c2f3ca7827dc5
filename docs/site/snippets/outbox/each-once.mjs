/** Calls listeners once for each event of an outbox; a repeated one gets the answer that was given before. */
export function eachOnce(socket, answers) {
  socket.use((packet, next) => {
    const answer = packet.at(-1);
    const id = packet.at(-2)?.outboxId;
    if (typeof answer !== "function" || typeof id !== "string") return next();
    const earlier = answers.get(id);
    if (earlier) return earlier.then((values) => answer(...values));
    const given = new Promise((resolve) => {
      // Takes the id away, and keeps the answer.
      packet.splice(-2, 2, (...values) => {
        resolve(values);
        answer(...values);
      });
    });
    answers.set(id, given);
    next();
  });
}
