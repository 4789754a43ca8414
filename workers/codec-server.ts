import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { createPayloadCodec } from '../adapters/payloads/payload-codec';
import type { PayloadRing } from '../adapters/payloads/payload-ring';
import { readCodecEnvironment } from './environment';
import { hostAndPort } from './host-and-port';

export interface CodecServerOptions {
  ring: PayloadRing;
  /** 0: any that is free. */
  port: number;
  /** Origins of the Temporal UI, such as `http://127.0.0.1:8080`: pages from anywhere else are refused. */
  origins: readonly string[];
  /** Default 127.0.0.1. Whoever reaches it reads everything, so anywhere else it belongs behind a proxy that asks who is there. */
  host?: string;
}

export interface CodecServer {
  /** For the UI's codec endpoint. */
  url: string;
  close(): Promise<void>;
}

/** A page of the UI's history is some hundred payloads of at most 2 MiB each; this is 16 of the largest. */
const largestBody = 32 * 1024 * 1024;

/** Said to whoever asked, instead of an answer. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Decodes payloads for the Temporal UI and CLI, and encodes what is sent from there ("Codec Server", Temporal's documentation). */
export async function startCodecServer({ ring, port, origins, host = '127.0.0.1' }: CodecServerOptions): Promise<CodecServer> {
  const codec = createPayloadCodec(ring);
  const server = createServer((request, response) => void serve(request, response, codec, origins));
  server.requestTimeout = 30_000;
  await listen(server, port, host);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${hostAndPort(host, taken)}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function serve(request: IncomingMessage, response: ServerResponse, codec: PayloadCodec, origins: readonly string[]): Promise<void> {
  try {
    allowOrigin(request, response, origins);
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    const change = changeOf(request, codec);
    const payloads = await change(payloadsIn(await bodyOf(request)));
    answer(response, 200, { payloads: payloads.map(asJson) });
  } catch (error) {
    if (response.headersSent) return void response.destroy();
    const status = error instanceof Refusal ? error.status : 400; // the codec's own errors say what to do about the ring
    if (status === 413) response.setHeader('connection', 'close');
    answer(response, status, { message: error instanceof Error ? error.message : String(error) });
  }
}

/** Without an origin it is a program (the `temporal` CLI), not a page: every browser names the origin of a POST. */
function allowOrigin({ headers: { origin } }: IncomingMessage, response: ServerResponse, origins: readonly string[]): void {
  response.setHeader('vary', 'origin');
  if (origin === undefined) return;
  if (!origins.includes(origin))
    throw new Refusal(403, `Pages of ${origin.slice(0, 200)} may not ask. Add it to ROLLCALL_CODEC_ORIGINS if it is your Temporal UI.`);
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-allow-credentials', 'true');
  response.setHeader('access-control-allow-methods', 'POST, OPTIONS');
  response.setHeader('access-control-allow-headers', 'x-namespace, content-type, authorization');
  response.setHeader('access-control-max-age', '600');
}

function changeOf({ method, url = '', headers }: IncomingMessage, codec: PayloadCodec): (payloads: Payload[]) => Promise<Payload[]> {
  const what = /\/(encode|decode)\/?(?:\?.*)?$/.exec(url)?.[1];
  if (what === undefined) throw new Refusal(404, 'There are POST /encode and POST /decode.');
  if (method !== 'POST') throw new Refusal(405, 'POST is expected.');
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) throw new Refusal(415, 'application/json is expected.');
  return (payloads) => codec[what as 'encode' | 'decode'](payloads);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request) {
    size += (piece as Buffer).length;
    if (size > largestBody) throw new Refusal(413, `More than ${largestBody} bytes.`);
    pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces, size).toString('utf8');
}

/** Payloads as proto-JSON: bytes in base64. Where there are none, their name is left out: so asks the CLI for a query without arguments. */
function payloadsIn(body: string): Payload[] {
  const expected = new Refusal(400, 'Expected {"payloads":[{"metadata":{"encoding":"<base64>"},"data":"<base64>"}]}.');
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw expected;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw expected;
  const payloads = (parsed as { payloads?: unknown }).payloads ?? [];
  if (!Array.isArray(payloads) || !payloads.every(isPayload)) throw expected;
  return payloads.map(({ metadata = {}, data = '' }) => ({
    metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64')])),
    data: Buffer.from(data ?? '', 'base64'),
  }));
}

function asJson(payload: Payload): object {
  const { Payload: Wire } = temporal.api.common.v1;
  return Wire.toObject(Wire.fromObject(payload), { bytes: String });
}

function isPayload(value: unknown): value is { metadata?: Record<string, string> | null; data?: string | null } {
  if (typeof value !== 'object' || value === null) return false;
  const { metadata, data } = value as { metadata?: unknown; data?: unknown };
  const isBase64 = (text: unknown) => typeof text === 'string' && /^[\w+/-]*={0,2}$/.test(text);
  const isMap = metadata == null || (typeof metadata === 'object' && !Array.isArray(metadata) && Object.values(metadata).every(isBase64));
  return isMap && (data == null || isBase64(data));
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** By itself: `node dist/workers/codec-server.js`, with ROLLCALL_PAYLOAD_KEYS, ROLLCALL_CODEC_PORT and ROLLCALL_CODEC_ORIGINS. */
async function main(): Promise<void> {
  const { payloadRing, codec, bind } = readCodecEnvironment();
  const server = await startCodecServer({ ring: payloadRing, host: bind, ...codec });
  process.stderr.write(
    `Codec server for the Temporal UI: ${server.url}, for pages of ${codec.origins.join(', ') || 'nobody (ROLLCALL_CODEC_ORIGINS)'}\n`,
  );
  const stop = (): void => {
    server.close().catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exitCode = 1;
    });
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
