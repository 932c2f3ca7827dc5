export const fault =
  // #region shown
  {
    name: "a replay begins at the beginning of the session",
    oracle: "duplicate",
    file: "packages/adapter/src/log/log-sessions.ts",
    find: "const has = Math.max(began, named?.offset ?? began);",
    replace: "const has = began;",
  };
// #endregion shown
