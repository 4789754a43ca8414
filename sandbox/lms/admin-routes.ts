import { z } from 'zod';
import { Lines, type AdminRequest, type AdminRoute } from '../controls/admin';
import { accept, Refused } from '../controls/refused';
import { resourceOf, type Account } from './account';
import type { Accounts } from './accounts';
import type { Lms } from './lms';

type Inside = Omit<Lms, 'adminOrigin' | 'close'>;

const oneOrMany = z.union([z.array(z.looseObject({})), z.looseObject({})]);
const journalQuery = z.strictObject({
  id: z.string().optional(),
  since: z.coerce.number().int().nonnegative().optional(),
  by: z.enum(['client', 'admin']).optional(),
});

/** What can be done to an LMS from outside its process; the same as the methods of `Lms`. */
export function adminRoutes(lms: Inside, accounts: Accounts): Record<string, AdminRoute> {
  return {
    'GET /lms': () => ({ kind: lms.kind, baseUrl: lms.baseUrl, accounts: accounts.size, deletions: lms.deletions() }),
    // One account per line, however many there are.
    'GET /accounts': ({ query }) => {
      const id = query.get('id');
      return id === null ? new Lines(resources(accounts.all())) : found(lms, id);
    },
    'POST /accounts': ({ body }) => {
      const users = accept(oneOrMany, body);
      return lms.addAccounts(Array.isArray(users) ? users : [users]);
    },
    'PATCH /accounts': (request) => lms.changeAccount(idOf(request), accept(z.looseObject({}), request.body)),
    'DELETE /accounts': (request) => {
      lms.deleteAccount(idOf(request));
      return { deletions: lms.deletions() };
    },
    'GET /journal': ({ query }) => new Lines(lms.journal(accept(journalQuery, Object.fromEntries(query)))),
    'GET /awkwardness': () => lms.awkwardness(),
    'PATCH /awkwardness': ({ body }) => lms.setAwkwardness(accept(z.looseObject({}), body)),
    'POST /token': ({ body }) => {
      lms.setToken(accept(z.strictObject({ token: z.string().min(1) }), body).token);
      return {};
    },
    'POST /reset': ({ body }) => {
      lms.reset(accept(z.strictObject({ accounts: z.boolean().optional() }), body));
      return {};
    },
  };
}

function* resources(accounts: readonly Account[]) {
  for (const account of accounts) yield resourceOf(account);
}

function found(lms: Inside, id: string): object {
  const account = lms.account(id);
  if (!account) throw new Refused([`there is no account ${id}`]);
  return account;
}

function idOf({ query }: AdminRequest): string {
  const id = query.get('id');
  if (id === null) throw new Refused(['id: which account? (?id=…)']);
  return id;
}
