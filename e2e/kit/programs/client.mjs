// The client of the tests that need it in a process of its own, to be killed or frozen.
// Reports "ready" once connected and settled on its transport, and once it has answered a ping if asked.
const {
  module,
  url,
  options = {},
  upgrades = false,
  answersPing = false,
} = JSON.parse(process.argv[2]);
const { io } = await import(module);

const socket = io(url, options);
const report = () => process.send({ name: "ready", args: [socket.id] });
const ready = () => {
  if (answersPing) socket.io.once("ping", report);
  else report();
};

socket.once("connect", () => {
  const { engine } = socket.io;
  if (upgrades && engine.transport.name !== "websocket") engine.once("upgrade", ready);
  else ready();
});
process.on("disconnect", () => process.exit());
