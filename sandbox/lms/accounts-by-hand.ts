import { Refused } from '../controls/refused';
import { attributesOf, resourceOf, type Account } from './account';
import type { Accounts } from './accounts';
import type { Awkwardness } from './lean/awkwardness';
import type { Schemas } from './lean/schema';
import { readUser } from './lean/user';
import { ScimError, urn, type UserResource } from './scim';

type Given = Record<string, unknown>;

/** What somebody does inside the LMS, past its API: by the same rules, but with none of the API's habits. */
export class AccountsByHand {
  constructor(
    private readonly accounts: Accounts,
    private readonly schemas: Schemas,
    private readonly awkward: () => Awkwardness,
  ) {}

  all(): UserResource[] {
    return this.accounts.all().map(resourceOf);
  }

  one(id: string): UserResource | undefined {
    const account = this.accounts.get(id);
    return account && resourceOf(account);
  }

  add(users: readonly object[]): UserResource[] {
    const faults: string[] = [];
    const made = users.flatMap((user, index) => {
      try {
        return [resourceOf(this.accounts.create(this.read(user), 'admin'))];
      } catch (error) {
        if (!(error instanceof ScimError)) throw error;
        faults.push(`${index}: ${error.message}`);
        return [];
      }
    });
    if (faults.length > 0) throw new Refused(faults);
    return made;
  }

  change(id: string, changes: object): UserResource {
    const account = this.existing(id);
    try {
      const attributes = laidOver(attributesOf(account), changes as Given);
      return resourceOf(this.accounts.write(account, this.read({ ...attributes, schemas: [urn.user] }), 'admin'));
    } catch (error) {
      if (error instanceof ScimError) throw new Refused([error.message]);
      throw error;
    }
  }

  delete(id: string): void {
    this.accounts.delete(this.existing(id), 'admin');
  }

  private existing(id: string): Account {
    const account = this.accounts.get(id);
    if (!account) throw new Refused([`there is no account ${id}`]);
    return account;
  }

  private read(user: object) {
    const plain = {
      ...this.awkward(),
      dropsAttributes: [],
      refusesNoSchemasListed: false,
      needsNameFormatted: false,
      refusesUnknownAttributes: true,
    };
    return readUser(user, this.schemas, plain);
  }
}

/** Objects are merged, as deep as they go; anything else is replaced. */
function laidOver(there: Given, changes: Given): Given {
  const result = { ...there };
  for (const [name, value] of Object.entries(changes)) {
    const old = result[name];
    result[name] = isObject(old) && isObject(value) ? laidOver(old, value) : value;
  }
  return result;
}

function isObject(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
