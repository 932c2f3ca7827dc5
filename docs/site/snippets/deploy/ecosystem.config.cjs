module.exports = {
  apps: [
    {
      name: "chat",
      script: "server.mjs",
      instances: "max",
      exec_mode: "cluster",
      // Above `delay` and `deadline` of `io.drain()` together.
      kill_timeout: 45_000,
    },
  ],
};
