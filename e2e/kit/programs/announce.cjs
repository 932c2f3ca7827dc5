// Preloaded into the programs of the seeds, which know nothing of tests: where one listens on port 3000 it
// gets SEED_PORT instead, or a free port, and the parent is told ("listening", port).
const { Server } = require("node:net");

const { listen, emit } = Server.prototype;

Server.prototype.listen = function (port, ...rest) {
  return listen.call(this, port === 3000 ? Number(process.env.SEED_PORT ?? 0) : port, ...rest);
};

Server.prototype.emit = function (name, ...rest) {
  if (name === "listening") process.send({ name: "listening", args: [this.address().port] });
  return emit.call(this, name, ...rest);
};

process.on("disconnect", () => process.exit());
