import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import axios, { type AxiosResponse } from "axios";
import { messageOf, UserError } from "../errors.ts";
import { pause } from "../pause.ts";

/** How a file is fetched. */
export interface DownloadOptions {
  /** Where it is; the same address with `.sha1` holds its checksum, as in every Maven repository. */
  readonly url: string;
  /** Where it goes; `<to>.part` holds what has come so far. */
  readonly to: string;
  readonly signal?: AbortSignal;
  /** Called as bytes come. `total` is undefined where the server does not say. */
  readonly onProgress?: (received: number, total: number | undefined) => void;
  /** How often to go on after a failure that brought no new bytes. @default 5 */
  readonly retries?: number;
  /** Milliseconds before the first repetition, doubled each time. @default 500 */
  readonly backoffMs?: number;
  /** Milliseconds without a single byte after which the connection counts as broken. @default 30000 */
  readonly stallMs?: number;
}

/**
 * Fetches a large file: goes on where a broken download ended, checks the checksum, starts again once where it is wrong.
 * The file appears only when it is whole; what has come stays for the next try.
 * @throws UserError where the file does not exist, the disk is full, the checksum stays wrong, or nobody answers
 */
export async function download(options: DownloadOptions): Promise<void> {
  const { url, to } = options;
  await mkdir(dirname(to), { recursive: true });
  const part = `${to}.part`;
  const expected = await repeat(options, async () => checksum((await get(options, `${url}.sha1`)).data));
  for (let round = 1; ; round += 1) {
    await repeat(
      options,
      () => fetchRest(options, part),
      () => size(part),
    );
    const actual = await sha1(part);
    if (actual === expected) break;
    await rm(part, { force: true });
    if (round === 2)
      throw new UserError(
        `${url} came with the SHA-1 ${actual} twice, where its repository says ${expected}. ` +
          "Something on the way changes it: try another network, or set MAVEN_REPOSITORY_URL to a mirror that you trust.",
      );
  }
  await rename(part, to);
}

/** A failure that a repetition may mend. */
class Temporary extends Error {}

/** Repeats after temporary failures; one that brought something (`progress` has grown) does not count. */
async function repeat<Result>(
  { url, signal, retries = 5, backoffMs = 500 }: DownloadOptions,
  work: () => Promise<Result>,
  progress: () => Promise<number> = () => Promise.resolve(0),
): Promise<Result> {
  let before = await progress();
  for (let failures = 0; ;) {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Temporary)) throw error;
      const now = await progress();
      failures = now > before ? 1 : failures + 1;
      before = now;
      if (failures > retries)
        throw new UserError(
          `${url} cannot be had: ${error.message}. Check the network (HTTPS_PROXY is honoured), or set ` +
            "MAVEN_REPOSITORY_URL to a mirror; what has come so far is kept.",
        );
      await pause(backoffMs * 2 ** (failures - 1), signal);
    }
  }
}

/** Fetches what is missing, and adds it to the part that is there. */
async function fetchRest(options: DownloadOptions, part: string): Promise<void> {
  const { signal, onProgress, stallMs = 30_000 } = options;
  const have = await size(part);
  const response = await get(options, options.url, have);
  if (response.status === 416) {
    // Nothing comes after what is there: it is whole, or longer than it should be; the checksum tells.
    response.data.destroy();
    return;
  }
  const start = startOf(response, have);
  const length = Number(response.headers["content-length"]);
  const total = Number.isFinite(length) && length > 0 ? start + length : undefined;
  let received = start;
  const stalled = setTimeout(() => response.data.destroy(new Error(`no byte came for ${stallMs} ms`)), stallMs);
  response.data.on("data", (chunk: Buffer) => {
    stalled.refresh();
    onProgress?.((received += chunk.length), total);
  });
  try {
    await pipeline(response.data, createWriteStream(part, { flags: start > 0 ? "a" : "w" }), { signal });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOSPC" || code === "EDQUOT") throw diskFull(dirname(part), code);
    if ((error as NodeJS.ErrnoException).syscall === "write" || code === "EACCES")
      throw new UserError(`${part} cannot be written: ${messageOf(error)}.`);
    throw new Temporary(messageOf(error));
  } finally {
    clearTimeout(stalled);
  }
  if (total !== undefined && received < total) throw new Temporary("the connection ended too early");
}

/** Where the answer's bytes belong: after what is there, or at the beginning where the server sends all of it. */
function startOf(response: AxiosResponse<Readable>, have: number): number {
  if (response.status !== 206) return 0;
  const start = Number(/^bytes (\d+)-/.exec(String(response.headers["content-range"]))?.[1]);
  if (start === have) return start;
  response.data.destroy();
  throw new UserError(`${response.config.url} was asked for bytes from ${have} on, and sent others.`);
}

async function get(options: DownloadOptions, url: string, from = 0): Promise<AxiosResponse<Readable>> {
  let response: AxiosResponse<Readable>;
  try {
    response = await axios.get<Readable>(url, {
      responseType: "stream",
      // Compressed on the way, byte positions would mean nothing.
      headers: { "Accept-Encoding": "identity", ...(from > 0 && { Range: `bytes=${from}-` }) },
      decompress: false,
      timeout: options.stallMs ?? 30_000,
      signal: options.signal,
      validateStatus: () => true,
    });
  } catch (error) {
    throw new Temporary(messageOf(error));
  }
  const { status } = response;
  if (status === 200 || status === 206 || (status === 416 && from > 0)) return response;
  response.data.destroy();
  if (status === 429 || status >= 500) throw new Temporary(`the server answers ${status}`);
  const hint = status === 404 ? "There is no such release there." : "MAVEN_REPOSITORY_URL can name another repository.";
  throw new UserError(`${url} cannot be had: the server answers ${status}. ${hint}`);
}

async function checksum(stream: Readable): Promise<string> {
  let text = "";
  try {
    for await (const chunk of stream) text += String(chunk);
  } catch (error) {
    throw new Temporary(messageOf(error));
  }
  const found = /^\s*([0-9a-f]{40})\b/i.exec(text)?.[1];
  if (!found) throw new Temporary("its .sha1 holds no checksum");
  return found.toLowerCase();
}

async function sha1(file: string): Promise<string> {
  const hash = createHash("sha1");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

async function size(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

/** One clear line for a disk without room. */
export function diskFull(directory: string, code: string): UserError {
  const why = code === "EDQUOT" ? "your quota there is used up" : "the disk is full";
  return new UserError(
    `Keycloak does not fit into ${directory}: ${why}. It takes 400 MB: make room, ` +
      "or set KEYCLOAK_MCP_CACHE to a directory on another disk.",
  );
}
