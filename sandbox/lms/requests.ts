import type { RequestListener } from 'node:http';
import type { Faults } from '../controls/faults';
import { basePath, mediaType, urn } from './scim';

export const ownFaultKinds = {
  emptyList: 'a list of users answers 200 with nobody in it, though there are accounts',
} as const;

const search = '/Users/.search';

interface Class {
  route: string;
  latency: 'read' | 'write';
}

const classes = new Map<string, Class>();

/** Counted as `GET /Users` (a page), `GET /Users?filter` (a look-up), `PATCH /Users/{id}` and so on. */
export function classify(method: string, url: string): Class {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  let route = path.startsWith(basePath) ? path.slice(basePath.length) : path;
  if (route.startsWith('/Users/') && route !== search) route = '/Users/{id}';
  else if (mark >= 0 && route === '/Users' && /[?&]filter=/.test(url)) route = '/Users?filter';
  const name = `${method} ${route}`;
  let found = classes.get(name);
  if (!found) {
    found = { route: name, latency: method === 'GET' || route === search ? 'read' : 'write' };
    if (classes.size < 1_000) classes.set(name, found);
  }
  return found;
}

const nobody = JSON.stringify({ schemas: [urn.list], totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] });

/** Acts out the fault `emptyList`. */
export function emptyLists(faults: Faults, handler: RequestListener): RequestListener {
  return (request, response) => {
    const { method = 'GET', url = '/' } = request;
    const isList = method === 'GET' ? /^\/scim\/v2\/Users(\?|$)/.test(url) : method === 'POST' && url === `${basePath}${search}`;
    if (!isList || !faults.fires('emptyList', method, url)) return void handler(request, response);
    response.writeHead(200, { 'content-type': mediaType, 'content-length': Buffer.byteLength(nobody) }).end(nobody);
  };
}
