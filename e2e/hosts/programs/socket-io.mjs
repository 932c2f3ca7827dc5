// Socket.IO's server on Node's HTTP server: the control, which proves the cases themselves.

import { Server } from "socket.io";
import { serve } from "./agent.mjs";
import { overNodeHttp } from "./node-http.mjs";

serve(overNodeHttp(Server));
