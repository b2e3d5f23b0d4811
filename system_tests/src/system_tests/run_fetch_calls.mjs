// Runs fetch calls with one cookie jar, which Node's own fetch lacks, and prints what was sent and answered.
// Reads {url, calls: ["const response = await fetch(…);"], send} from stdin; without `send`, nothing leaves.
import { readFileSync } from "node:fs";

const { url, calls, send } = JSON.parse(readFileSync(0, "utf8"));
const fetchWithoutCookies = send ? globalThis.fetch : async () => Response.json({});
const AsyncFunction = (async () => {}).constructor;
const cookies = new Map();
let request;

globalThis.fetch = async (address, options = {}) => {
  const headers = new Headers(options.headers);
  if (cookies.size > 0) {
    headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
  }
  request = { method: options.method ?? "GET", address, headers: Object.fromEntries(headers), body: options.body ?? null };
  const response = await fetchWithoutCookies(address, { ...options, headers });
  for (const line of response.headers.getSetCookie()) {
    const [name, ...value] = line.split(";", 1)[0].split("=");
    cookies.set(name.trim(), value.join("="));
  }
  return response;
};

const exchanges = [];
for (const call of calls) {
  const response = await new AsyncFunction("url", `${call}\nreturn response;`)(url);
  const { status, redirected } = response;
  exchanges.push({ request, answer: { status, redirected, body: await response.json() } });
}
console.log(JSON.stringify(exchanges));
