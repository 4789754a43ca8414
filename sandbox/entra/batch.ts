import { z } from 'zod';
import { GraphRefusal, type GraphAnswer, type Question } from './graph-answer';

const batchBody = z.object({
  requests: z.array(
    z.object({
      id: z.string(),
      method: z.string(),
      url: z.string().startsWith('/'),
      headers: z.record(z.string(), z.string()).optional(),
      body: z.unknown().optional(),
    }),
  ),
});

export const largestBatch = 20;

const writes = new Set(['POST', 'PATCH', 'PUT']);

/** `POST /$batch`: each item is answered, and throttled, on its own; the answers come in another order than the requests. `dependsOn` is not looked at. */
export function answerBatch(request: Question, each: (item: Question) => GraphAnswer): GraphAnswer {
  const parsed = batchBody.safeParse(request.body);
  if (!parsed.success) throw new GraphRefusal(400, 'BadRequest', 'Invalid batch payload format.');
  const { requests } = parsed.data;
  if (requests.length > largestBatch)
    throw new GraphRefusal(400, 'BadRequest', `Number of batch request steps exceeds the maximum value of ${largestBatch}.`);
  if (new Set(requests.map(({ id }) => id)).size < requests.length)
    throw new GraphRefusal(400, 'BadRequest', 'Duplicate request ids are not allowed in a batch.');
  // As Graph does it: one such item, and none of the batch is done.
  const bare = requests.find(
    ({ method, headers, body }) => writes.has(method.toUpperCase()) && (body === undefined || !named(headers, 'content-type')),
  );
  if (bare) throw new GraphRefusal(400, 'BadRequest', `Write request id : ${bare.id} does not contain Content-Type header or body.`);
  const responses = requests.map(({ id, method, url, headers, body }) => {
    const [path = '', query = ''] = url.split('?');
    const item = {
      ...request,
      method: method.toUpperCase(),
      path,
      query: new URLSearchParams(query),
      url: `/v1.0${url}`,
      eventual: named(headers, 'consistencylevel')?.toLowerCase() === 'eventual',
      body,
    };
    return { id, text: asItem(id, each(item)) };
  });
  const shuffled = [...responses.filter((_, index) => index % 2 === 1), ...responses.filter((_, index) => index % 2 === 0)];
  return { status: 200, text: `{"responses":[${shuffled.map(({ text }) => text).join(',')}]}` };
}

function named(headers: Record<string, string> = {}, wanted: string): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1];
}

function asItem(id: string, { status, text, contentType = 'application/json', headers = {} }: GraphAnswer): string {
  // Graph gives an item's headers as they are called in documentation.
  const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name === 'retry-after' ? 'Retry-After' : name, value]));
  const body = text === undefined ? '' : `,"body":${contentType === 'application/json' ? text : JSON.stringify(text)}`;
  return `{"id":${JSON.stringify(id)},"status":${status},"headers":${JSON.stringify({ ...named, 'Content-Type': contentType })}${body}}`;
}
