// Preloaded into commands: a domain of the tests is a port of this machine, as its DNS record would say.
import dns from "node:dns";
import net from "node:net";
import process from "node:process";

const [domain, port] = process.env.DOMAIN_HERE.split("=");

const { lookup } = dns;
dns.lookup = (host, ...rest) => lookup(host === domain ? "127.0.0.1" : host, ...rest);
const lookupPromise = dns.promises.lookup;
dns.promises.lookup = (host, ...rest) => lookupPromise(host === domain ? "127.0.0.1" : host, ...rest);

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...parameters) {
  const [first] = parameters;
  const options = Array.isArray(first) ? first[0] : first;
  if (options?.host !== domain) return connect.apply(this, parameters);
  const own = { host: options.host, port: options.port };
  Object.assign(options, { host: "127.0.0.1", port: Number(port) });
  try {
    return connect.apply(this, parameters);
  } finally {
    Object.assign(options, own); // the certificate is checked against the domain
  }
};
