// An identity provider in this process: discovery, a key set whose keys rotate, introspection.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { afterTest } from "./pairs.ts";

interface Asked {
  readonly authorization: string | undefined;
  readonly form: URLSearchParams;
}

/** A provider at `issuer`; what is asked of it is counted. */
export async function provider() {
  const keys: JWK[] = [];
  let signing: CryptoKey | null = null;
  let kid = "";
  const tokens = new Map<string, object>();
  const asked: Asked[] = [];
  const state = { isDown: false, issuer: "" };
  const counts = { metadata: 0, keys: 0 };
  const answerTo = (path: string, form: string, authorization?: string): unknown => {
    if (path === "/.well-known/openid-configuration") {
      counts.metadata += 1;
      const { issuer } = state;
      return { issuer, jwks_uri: `${issuer}/keys`, introspection_endpoint: `${issuer}/token-info` };
    }
    if (path === "/keys") {
      counts.keys += 1;
      return { keys };
    }
    if (path !== "/token-info") return undefined;
    asked.push({ authorization, form: new URLSearchParams(form) });
    return tokens.get(new URLSearchParams(form).get("token") ?? "") ?? { active: false };
  };
  const http = createServer((request, response) => {
    let form = "";
    request.on("data", (chunk) => {
      form += chunk;
    });
    request.on("end", () => {
      const body = answerTo(request.url ?? "", form, request.headers.authorization);
      const status = state.isDown ? 503 : body === undefined ? 404 : 200;
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body ?? {}));
    });
  });
  afterTest(() => http.close());
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  state.issuer = issuer;
  const rotate = async (): Promise<void> => {
    const pair = await generateKeyPair("RS256");
    kid = `key-${keys.length}`;
    keys.push({ ...(await exportJWK(pair.publicKey)), kid, alg: "RS256" });
    signing = pair.privateKey;
  };
  await rotate();
  const sign = (claims: object): Promise<string> =>
    new SignJWT({ sub: "ada", iss: issuer, aud: "chat", ...claims })
      .setExpirationTime("1h")
      .setProtectedHeader({ alg: "RS256", kid })
      .sign(signing as CryptoKey);
  return { asked, counts, issuer, keys, rotate, sign, state, tokens };
}
