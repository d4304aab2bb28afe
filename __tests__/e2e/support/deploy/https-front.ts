import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:https";
import { join } from "node:path";
import { decide } from "../../../../constructs/alb/decide.ts";
import { listenerRules } from "../../../../constructs/alb/listener-rules.ts";
import type { Java } from "../../../../scripts/lib/local/java.ts";
import { listen } from "../../../support/listen.ts";

/** How a domain is served on this machine. */
export interface HttpsFrontOptions {
  readonly domain: string;
  /** Keycloak's own port. */
  readonly target: number;
  /** Where key and certificate go. */
  readonly folder: string;
  readonly java: Java;
  readonly realm: string;
}

/** A load balancer's listener. */
export interface HttpsFront {
  /** For commands: they find the domain here, and trust its certificate. */
  readonly variables: Readonly<Record<string, string>>;
  /** Who reaches the administration. */
  adminCidrs: readonly string[];
  /** Answers instead of Keycloak, with this status. */
  refuses?: (method: string, path: string) => number | undefined;
  /** Requests so far. */
  readonly seen: { readonly at: number; readonly method: string; readonly path: string }[];
  stop(): Promise<void>;
}

const PASSWORD = "for-a-test-only";

/** Serves a domain by TLS, by the listener's own rules, as the load balancer on AWS does. */
export async function startHttpsFront(options: HttpsFrontOptions): Promise<HttpsFront> {
  const { domain, target, folder, java, realm } = options;
  const keystore = join(folder, "front.p12");
  const certificate = join(folder, "front.pem");
  const keytool = (...parameters: string[]) =>
    execFileSync(
      join(java.home, "bin", "keytool"),
      [...parameters, ...["-alias", "front", "-keystore", keystore, "-storepass", PASSWORD]],
      { stdio: "ignore" },
    );
  const subject = ["-dname", `CN=${domain}`, "-ext", `san=dns:${domain}`, "-validity", "2"];
  keytool("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-storetype", "PKCS12", ...subject);
  keytool("-exportcert", "-rfc", "-file", certificate);

  const server = createServer({ pfx: readFileSync(keystore), passphrase: PASSWORD }, (incoming, outgoing) => {
    const rules = listenerRules({ realm, adminCidrs: front.adminCidrs });
    front.seen.push({ at: Date.now(), method: incoming.method!, path: incoming.url! });
    const refused = front.refuses?.(incoming.method!, incoming.url!);
    if (refused) return void outgoing.writeHead(refused).end();
    const { action, path } = decide(rules, { path: incoming.url!, sourceAddress: "127.0.0.1" });
    if (action !== "forward") return void outgoing.writeHead(action.status).end(action.body);
    const forwarded = { "x-forwarded-for": "127.0.0.1", "x-forwarded-proto": "https", "x-forwarded-port": "443" };
    const onward = request(
      {
        host: "127.0.0.1",
        port: target,
        method: incoming.method,
        path,
        headers: { ...incoming.headers, ...forwarded },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  const { port, stop } = await listen(server);
  const front: HttpsFront = {
    variables: {
      NODE_EXTRA_CA_CERTS: certificate,
      NODE_OPTIONS: `--import ${join(import.meta.dirname, "domain-here.mjs")}`,
      DOMAIN_HERE: `${domain}=${port}`,
    },
    adminCidrs: ["127.0.0.0/8"],
    seen: [],
    stop,
  };
  return front;
}
