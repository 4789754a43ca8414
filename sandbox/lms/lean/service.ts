import { attributesOf, etagOf, type Account } from '../account';
import type { Accounts } from '../accounts';
import type { CustomField } from '../custom-fields';
import { errorBody, mediaType, ScimError } from '../scim';
import type { Awkwardness } from './awkwardness';
import { doInBulk, type BulkOptions } from './bulk';
import { describeSchemas, resourceTypes, serviceProviderConfig } from './discovery';
import { largestPage, listOf, listUsers, shownAs } from './listing';
import { Patches } from './patch';
import { Paths } from './paths';
import { Schemas } from './schema';
import { searchQuery } from './search';
import { readUser } from './user';

export interface Answer {
  status: number;
  /** Empty for 204. */
  body: string;
  contentType: string;
  location?: string;
  etag?: string;
}

export interface Request {
  method: string;
  /** Below the base path: `/Users/…`. */
  path: string;
  query: string;
  body: string;
  ifMatch: string | undefined;
}

export interface ServiceOptions {
  accounts: Accounts;
  baseUrl: string;
  customFields: readonly CustomField[];
  awkward: () => Awkwardness;
  bulk?: BulkOptions;
}

/** What the lean server answers, without HTTP. */
export class Service {
  private readonly schemas: Schemas;
  private readonly patches: Patches;
  /** Accounts that searches miss, and how many more do. */
  private readonly unlisted = new Map<Account, number>();

  constructor(private readonly options: ServiceOptions) {
    this.schemas = new Schemas(options.customFields);
    this.patches = new Patches(this.schemas, new Paths(this.schemas), options.awkward);
  }

  answer(request: Request): Answer {
    try {
      return this.route(request);
    } catch (error) {
      if (error instanceof ScimError) return this.refusal(error);
      return this.refusal(new ScimError(500, undefined, error instanceof Error ? (error.stack ?? error.message) : String(error)));
    }
  }

  refusal({ status, scimType, message }: ScimError): Answer {
    const { conflictAs500, errorsAsHtml } = this.options.awkward();
    if (status === 409 && conflictAs500) return this.refusal(new ScimError(500, undefined, 'Internal Server Error'));
    if (!errorsAsHtml) return { status, body: errorBody(status, message, scimType), contentType: mediaType };
    return {
      status,
      body: `<!doctype html><html><head><title>Error ${status}</title></head><body><h1>Error ${status}</h1></body></html>`,
      contentType: 'text/html',
    };
  }

  private route(request: Request): Answer {
    const { method, path, query } = request;
    if (path === '/Users/.search' && method === 'POST') return this.list(searchQuery(parsed(request.body)));
    if (path.startsWith('/Users/')) return this.one(request, idIn(path));
    if (path === '/Users') {
      if (method === 'GET') return this.list(query);
      if (method === 'POST') return this.create(request);
      throw new ScimError(405, undefined, `${method} is not possible here`);
    }
    if (path === '/Bulk' && method === 'POST') return this.bulk(request.body);
    if (method === 'GET') return this.discover(path);
    throw notFound(path);
  }

  private one(request: Request, id: string): Answer {
    const account = this.options.accounts.get(id);
    if (!account) throw new ScimError(404, undefined, `Resource ${id} not found`);
    switch (request.method) {
      case 'GET':
        return shown(200, account, request.query);
      case 'PATCH':
        return this.patch(account, request);
      case 'PUT':
        this.checkVersion(account, request.ifMatch);
        return shown(200, this.options.accounts.write(account, this.read(request.body), 'client'), request.query);
      case 'DELETE':
        this.checkVersion(account, request.ifMatch);
        this.options.accounts.delete(account, 'client');
        return nothing;
      default:
        throw new ScimError(405, undefined, `${request.method} is not possible here`);
    }
  }

  private list(query: string): Answer {
    const listed = listUsers(this.options.accounts, query, this.options.awkward(), new Set(this.unlisted.keys()));
    for (const [account, left] of this.unlisted) {
      if (left > 1) this.unlisted.set(account, left - 1);
      else this.unlisted.delete(account);
    }
    return ok(listed);
  }

  private create({ body, query }: Request): Answer {
    const account = this.options.accounts.create(this.read(body), 'client');
    const { searchLags } = this.options.awkward();
    if (searchLags > 0) this.unlisted.set(account, searchLags);
    return { ...shown(201, account, query), location: this.locationOf(account) };
  }

  private patch(account: Account, { body, query, ifMatch }: Request): Answer {
    const { noPatch, patchAnswersNothing } = this.options.awkward();
    if (noPatch) throw new ScimError(501, undefined, 'PATCH is not implemented');
    this.checkVersion(account, ifMatch);
    const { user, refused } = this.patches.apply(attributesOf(account), parsed(body));
    this.options.accounts.write(account, user, 'client');
    if (refused) throw refused;
    return patchAnswersNothing ? nothing : shown(200, account, query);
  }

  private bulk(body: string): Answer {
    const { bulk } = this.options;
    if (!bulk) throw new ScimError(501, undefined, 'Bulk is not implemented');
    const operate = (method: string, path: string, data: string) =>
      this.answer({ method, path, query: '', body: data, ifMatch: undefined });
    return ok(JSON.stringify(doInBulk(parsed(body), bulk, operate)));
  }

  private discover(path: string): Answer {
    const { baseUrl, bulk } = this.options;
    const awkward = this.options.awkward();
    if (awkward.noDiscovery) throw notFound(path);
    if (path === '/ServiceProviderConfig')
      return ok(JSON.stringify(serviceProviderConfig(baseUrl, awkward, awkward.capsCountAt ?? largestPage, bulk)));
    const [, collection, id] = /^\/(Schemas|ResourceTypes)(?:\/(.+))?$/.exec(path) ?? [];
    if (collection === undefined) throw notFound(path);
    const all = collection === 'Schemas' ? describeSchemas(baseUrl, this.schemas) : resourceTypes(baseUrl, this.schemas);
    if (id === undefined) return ok(JSON.stringify(listOf(all)));
    const one = all.find((resource) => resource.id === decodeURIComponent(id));
    if (!one) throw notFound(path);
    return ok(JSON.stringify(one));
  }

  private read(body: string) {
    return readUser(parsed(body), this.schemas, this.options.awkward());
  }

  private checkVersion(account: Account, ifMatch: string | undefined): void {
    if (ifMatch === undefined) {
      if (this.options.awkward().requiresIfMatch) throw new ScimError(428, undefined, 'Send If-Match with the version that you have seen');
    } else if (ifMatch !== '*' && !ifMatch.split(',').some((one) => one.trim() === etagOf(account.version))) {
      throw new ScimError(412, undefined, `The version is ${etagOf(account.version)} now`);
    }
  }

  private locationOf({ id }: Account): string {
    return `${this.options.baseUrl}/Users/${encodeURIComponent(id)}`;
  }
}

const nothing: Answer = { status: 204, body: '', contentType: mediaType };

function ok(body: string): Answer {
  return { status: 200, body, contentType: mediaType };
}

function shown(status: number, account: Account, query: string): Answer {
  return { status, body: shownAs(account, query), contentType: mediaType, etag: etagOf(account.version) };
}

function notFound(path: string): ScimError {
  return new ScimError(404, undefined, `Nothing is at ${path}`);
}

function idIn(path: string): string {
  try {
    return decodeURIComponent(path.slice('/Users/'.length));
  } catch {
    throw notFound(path);
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new ScimError(400, 'invalidSyntax', 'The body is not JSON');
  }
}
