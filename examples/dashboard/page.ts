// The page's entry: the application with its connection.

import { io } from "@sockeye/client";
import { createApp } from "vue";
import DashboardPage from "./dashboard-page.vue";
import { socketPlugin } from "./socket.ts";

createApp(DashboardPage)
  .use(socketPlugin({ create: () => io() }))
  .mount("#root");
