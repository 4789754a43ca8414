import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer that repeats what it was sent, as gateways and stack traces do. */
export type Echo = (request: IncomingMessage, body: Buffer) => { status: number; contentType: string; body: string } | undefined;

export interface EchoingLms {
  baseUrl: string;
  /** From now on asked first; what it says nothing to reaches the LMS. */
  echo(echo: Echo | undefined): void;
  echoed(): number;
  close(): Promise<void>;
}

/** A gateway before an LMS, with a bad habit. */
export async function startEchoingLms(baseUrl: string): Promise<EchoingLms> {
  const { origin, pathname } = new URL(baseUrl);
  let echo: Echo | undefined;
  let echoed = 0;
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const said = echo?.(request, body);
    if (said) {
      echoed += 1;
      const bytes = Buffer.from(said.body);
      return void response
        .writeHead(said.status, {
          'content-type': said.contentType,
          'content-length': bytes.length,
          'x-echo': String(request.headers.authorization),
        })
        .end(bytes);
    }
    const onward = ask(`${origin}${request.url}`, { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    onward.end(body);
  };
  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    echo: (next) => void (echo = next),
    echoed: () => echoed,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** Everything that was sent, in every form that a page of diagnostics has been seen to use. */
export function everythingSent({ headers, url }: IncomingMessage, body: Buffer): string {
  const { authorization = '' } = headers;
  const token = authorization.replace(/^Bearer /, '');
  return [
    `authorization: ${authorization}`,
    `token=${encodeURIComponent(token)}`,
    `b64 ${Buffer.from(token).toString('base64')}`,
    `hex ${Buffer.from(token).toString('hex')}`,
    `url ${url}`,
    `body ${body.toString('utf8')}`,
  ].join(' ; ');
}
