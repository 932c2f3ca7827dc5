import { type ApiKey, apiKeys, authenticate, createApiKey } from "@sockeye/auth";
import { Server } from "@sockeye/node";

const io = new Server(3000);
declare const database: { keys: () => Promise<ApiKey<{ id: string }>[]> };

// #region shown
const { key, hash } = await createApiKey("chat_"); // hand out the key once, keep the hash
authenticate(io.of("/machines"), apiKeys({ keys: () => database.keys() }));
// #endregion shown
