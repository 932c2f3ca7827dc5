// Certificates for tests, made by openssl for a day: one for 127.0.0.1 and, signed by it, one for a client.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a server and a client identify themselves with. */
export interface Certificates {
  readonly server: { readonly key: Buffer; readonly cert: Buffer };
  /** Key, certificate and both as PFX; key and PFX are locked with `passphrase`. */
  readonly client: { readonly key: Buffer; readonly cert: Buffer; readonly pfx: Buffer };
  readonly passphrase: string;
}

/** Makes the certificates. Takes some tenths of a second. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), "sockeye-"));
  const file = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): void => {
    execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
  };
  const passphrase = "secret";
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  const address = ["-addext", "subjectAltName=IP:127.0.0.1"];
  try {
    openssl(
      ...["req", "-x509", "-days", "1", "-subj", "/CN=localhost", ...address, ...curve, "-nodes"],
      ...["-keyout", "key.pem", "-out", "cert.pem"],
    );
    openssl(
      ...["req", "-x509", "-days", "1", "-subj", "/CN=client", ...curve],
      ...["-passout", `pass:${passphrase}`, "-keyout", "client-key.pem", "-out", "client.pem"],
    );
    openssl(
      ...["pkcs12", "-export", "-inkey", "client-key.pem", "-in", "client.pem"],
      ...["-passin", `pass:${passphrase}`, "-passout", `pass:${passphrase}`, "-out", "client.pfx"],
    );
    return {
      server: { key: readFileSync(file("key.pem")), cert: readFileSync(file("cert.pem")) },
      client: {
        key: readFileSync(file("client-key.pem")),
        cert: readFileSync(file("client.pem")),
        pfx: readFileSync(file("client.pfx")),
      },
      passphrase,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
