import { Failure } from '../../domain/failure';

/**
 * The JSON object that the body of a 2xx is. `DirectoryAnswerCutOff` for one that breaks off; `DirectoryUnavailable` for what never was one: an empty body,
 * or a page of something in between.
 */
export function objectIn(body: Buffer): Record<string, unknown> {
  refuseIncomplete(body);
  try {
    return JSON.parse(body.toString('utf8')) as Record<string, unknown>;
  } catch (error) {
    // The parser's message quotes the text, which is about people.
    throw cutOff(body, `: ${error instanceof Error ? error.name : 'no JSON'}`);
  }
}

/** What can be told without parsing: an object starts with a brace and ends with one. */
export function refuseIncomplete(body: Buffer): void {
  const ends = body.toString('latin1', Math.max(0, body.length - 64)).trimEnd();
  const begins = body.toString('latin1', 0, 64).trimStart();
  if (!begins.startsWith('{')) {
    const what = body.length === 0 ? 'an empty body' : 'no JSON object';
    throw new Failure('DirectoryUnavailable', `(HTTP 200, but ${what})`, { status: 200 });
  }
  if (!ends.endsWith('}')) throw cutOff(body);
}

function cutOff({ length }: Buffer, how = ''): Failure {
  return new Failure('DirectoryAnswerCutOff', `(after ${length} bytes${how})`, { status: 200 });
}
