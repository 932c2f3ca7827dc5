import { storedOutbox } from "@sockeye/client/outbox";

/** @type {{ getItem: (key: string) => Promise<string | null>, setItem: (key: string, text: string) => Promise<void> }} */
const AsyncStorage = /** @type {never} */ (undefined);
const change = async (key, next) => {
  const events = JSON.parse((await AsyncStorage.getItem(key)) ?? "[]");
  await AsyncStorage.setItem(key, JSON.stringify(next(events)));
};

// #region shown
const outbox = storedOutbox("orders", (key) => ({
  load: async () => JSON.parse((await AsyncStorage.getItem(key)) ?? "[]"),
  put: (event) => change(key, (events) => [...events, event]),
  remove: (ids) => change(key, (events) => events.filter(({ id }) => !ids.includes(id))),
}));
// #endregion shown
