// The page's entry: the application with its connection.

import { io } from "@sockeye/client";
import { createApp } from "vue";
import Dashboard from "./dashboard.vue";
import { socketPlugin } from "./socket.ts";

createApp(Dashboard)
  .use(socketPlugin({ create: () => io() }))
  .mount("#root");
