// Our server on Node's HTTP server.

import { Server } from "@sockeye/node";
import { serve } from "./agent.mjs";
import { overNodeHttp } from "./node-http.mjs";

serve(overNodeHttp(Server));
