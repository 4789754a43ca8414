import { request } from 'undici';
import type { Lms } from '../../../sandbox/lms/lms';
import { mediaType, urn } from '../../../sandbox/lms/scim';

/** What a server may answer: a user, a list, an error. A test says which it expects. */
export interface Body {
  id: string;
  userName: string;
  schemas: string[];
  meta: { resourceType: string; location: string; version: string; created: string; lastModified: string };
  totalResults: number;
  startIndex: number;
  Resources: Body[];
  status: string;
  scimType: string;
  attributes: { name: string }[];
  schemaExtensions: { schema: string }[];
  [attribute: string]: unknown;
}

export interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Body;
  text: string;
}

/** As plain as can be, so that what is tested is the server. */
export class ScimClient {
  constructor(private readonly lms: Pick<Lms, 'baseUrl' | 'token'>) {}

  async send(method: string, path: string, body?: unknown, headers: Record<string, string | undefined> = {}): Promise<Reply> {
    const sent = { authorization: `Bearer ${this.lms.token}`, ...(body !== undefined && { 'content-type': mediaType }), ...headers };
    const answer = await request(`${this.lms.baseUrl}${path}`, {
      method: method as 'GET',
      headers: Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined)),
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await answer.body.text();
    const isJson = String(answer.headers['content-type'] ?? '').includes('json');
    return { status: answer.statusCode, headers: answer.headers, text, body: (isJson && text !== '' ? JSON.parse(text) : {}) as Body };
  }

  create(user: object): Promise<Reply> {
    return this.send('POST', '/Users', { schemas: [urn.user], ...user });
  }

  get(id: string): Promise<Reply> {
    return this.send('GET', `/Users/${id}`);
  }

  put(id: string, user: object): Promise<Reply> {
    return this.send('PUT', `/Users/${id}`, { schemas: [urn.user], ...user });
  }

  patch(id: string, ...operations: object[]): Promise<Reply> {
    return this.send('PATCH', `/Users/${id}`, { schemas: [urn.patch], Operations: operations });
  }

  find(filter: string, more = ''): Promise<Reply> {
    return this.send('GET', `/Users?filter=${encodeURIComponent(filter)}${more}`);
  }
}
