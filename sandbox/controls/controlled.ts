import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Controls } from './controls';
import { commonKinds, type Fault } from './faults';
import { holdAnswer } from './held-answer';

export interface Answer {
  contentType: string;
  body: string;
}

export interface ControlledOptions {
  controls: Controls;
  /** What the request counts as, and which latency it has. `url` is the request line's path and query. */
  classify: (method: string, url: string) => { route: string; latency?: string };
  /** Common kinds that the server acts out itself, in its own words. */
  actsOut?: readonly string[];
  /** The body of a 429, 504 or 5xx in the server's own form; without it a plain JSON message. */
  errorBody?: (status: number, fault: Fault, request: IncomingMessage, response: ServerResponse) => Answer;
}

/** Wraps a server's handler (of node:http or express) in counts, latency and the common faults. */
export function controlled(options: ControlledOptions, handler: RequestListener): RequestListener {
  const { controls, classify } = options;
  const { counts, faults, latency } = controls;
  const kinds: ReadonlySet<string> = new Set(Object.keys(commonKinds).filter((kind) => !options.actsOut?.includes(kind)));

  return (request, response) => {
    const method = request.method ?? 'GET';
    const url = request.url ?? '/';
    const { route, latency: latencyClass } = classify(method, url);
    counts.arrived(route);
    response.once('close', () => counts.left());

    const fault = faults.fires(kinds, method, url);
    const wait = (latencyClass === undefined ? 0 : latency.of(latencyClass)) + (fault?.delayMs ?? 0);
    const go = () => (fault ? actOut(fault, request, response, handler, options) : handler(request, response));
    if (fault?.kind === 'down' || fault?.kind === 'resetBefore' || wait === 0) return void go();
    setTimeout(() => void go(), wait);
  };
}

/** Drops a connection as a crashed peer does: a RST where the socket allows it, a bare end below TLS. */
export function resetConnection(socket: Socket | null): void {
  if (!socket || socket.destroyed) return;
  if ('encrypted' in socket) socket.destroy();
  else socket.resetAndDestroy();
}

function actOut(
  fault: Fault,
  request: IncomingMessage,
  response: ServerResponse,
  handler: RequestListener,
  options: ControlledOptions,
): void {
  const refuse = (status: number) => refuseWith(status, fault, request, response, options);
  switch (fault.kind) {
    case 'down':
    case 'resetBefore':
      return resetConnection(request.socket);
    case 'throttled': {
      if (fault.retryAfter !== null) response.setHeader('retry-after', String(fault.retryAfter ?? 1));
      return refuse(fault.status ?? 429);
    }
    case 'unavailableHtml':
      return answer(response, fault.status ?? 503, {
        contentType: 'text/html',
        body: '<html><head><title>503 Service Unavailable</title></head><body><h1>Service Unavailable</h1><p>The service is unavailable.</p></body></html>',
      });
    case 'gatewayTimeout':
      return refuse(fault.status ?? 504);
    case 'serverError':
      return refuse(fault.status ?? 500);
    case 'emptyOk':
      response.statusCode = 200;
      response.setHeader('content-length', 0);
      return void response.end();
    case 'cutOff':
      holdAnswer(response, (body) => sendHalf(response, body, fault.ending ?? 'length'));
      return handler(request, response);
    case 'resetAfter':
      holdAnswer(response, () => resetConnection(request.socket));
      return handler(request, response);
    default:
      return handler(request, response); // slow: it has waited
  }
}

function refuseWith(
  status: number,
  fault: Fault,
  request: IncomingMessage,
  response: ServerResponse,
  { errorBody }: ControlledOptions,
): void {
  const plain = { contentType: 'application/json', body: JSON.stringify({ message: `sandbox fault: ${fault.kind}` }) };
  answer(response, status, errorBody?.(status, fault, request, response) ?? plain);
}

function answer(response: ServerResponse, status: number, { contentType, body }: Answer): void {
  response.statusCode = status;
  response.setHeader('content-type', contentType);
  response.setHeader('content-length', Buffer.byteLength(body));
  response.end(body);
}

function sendHalf(response: ServerResponse, body: Buffer, ending: 'length' | 'connection'): void {
  const half = body.subarray(0, Math.ceil(body.length / 2));
  response.removeHeader('transfer-encoding');
  response.setHeader('content-length', ending === 'length' ? half.length : body.length);
  if (ending === 'length') response.end(half);
  else response.write(half, () => resetConnection(response.socket));
}
