function move(connection, raw, to) {
  const saved = connection.release();
  if (saved.kind === "busy") return saved.why;
  const text = JSON.stringify(saved.data);
  return to.revive(JSON.parse(text), raw);
}
