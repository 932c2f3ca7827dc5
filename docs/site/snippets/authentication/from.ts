import { jwt } from "@sockeye/auth";

declare const secret: string;

// #region shown
jwt({
  secret,
  algorithms: ["HS256"],
  from: [{ cookie: "token" }, { header: "x-token" }, { auth: "jwt" }],
});
// #endregion shown
