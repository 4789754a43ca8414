import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/**
 * Lets a handler do its work and write its answer, and keeps the answer from leaving: `finish` gets the whole body, status and headers
 * are set on the response, and it decides what goes out. Works below any framework, since all of them end in these methods.
 */
export function holdAnswer(response: ServerResponse, finish: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  const keep = (chunk: unknown, encoding: unknown) => {
    if (typeof chunk === 'string') chunks.push(Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8'));
    else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  const called = (values: unknown[]) => values.find((value): value is () => void => typeof value === 'function');

  response.writeHead = (status: number, ...rest: unknown[]) => {
    response.statusCode = status;
    const headers = rest.find((value) => typeof value === 'object' && value !== null) as
      OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined;
    const pairs = Array.isArray(headers) ? inPairs(headers) : Object.entries(headers ?? {});
    for (const [name, value] of pairs) if (value !== undefined) response.setHeader(name, value);
    return response;
  };
  response.flushHeaders = () => undefined;
  response.write = ((chunk: unknown, ...rest: unknown[]) => {
    keep(chunk, rest[0]);
    called(rest)?.();
    return true;
  }) as ServerResponse['write'];
  response.end = ((...values: unknown[]) => {
    keep(values[0], values[1]);
    // The methods proper come back from the prototype; Node's own end() calls writeHead() on the response.
    for (const name of ['writeHead', 'flushHeaders', 'write', 'end'] as const) Reflect.deleteProperty(response, name);
    finish(Buffer.concat(chunks));
    called(values)?.();
    return response;
  }) as ServerResponse['end'];
}

function inPairs(flat: readonly OutgoingHttpHeader[]): [string, OutgoingHttpHeader][] {
  const pairs: [string, OutgoingHttpHeader][] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) pairs.push([String(flat[index]), flat[index + 1] as OutgoingHttpHeader]);
  return pairs;
}
