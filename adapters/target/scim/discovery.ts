import type { Accounts } from './listing';
import type { LookUp } from './look-up';
import type { FieldType, Memory } from './memory';
import type { Service } from './service';
import { isObject } from './words';

/** What the service says of itself is tried and not believed: only the types of custom fields are taken from it, since nothing else tells them. */
export class Discovery {
  private learning: Promise<void> | undefined;

  constructor(
    private readonly service: Service,
    private readonly memory: Memory,
    private readonly accounts: Accounts,
    private readonly lookUp: LookUp,
    private readonly customSchema: string,
  ) {}

  /** Before the first write: how custom fields travel. Undefined where it is known. */
  ready(signal: AbortSignal): Promise<void> | undefined {
    if (this.memory.facts.customFields) return undefined;
    this.learning ??= this.learnSchemas(signal).then(
      () => undefined,
      (error: unknown) => {
        this.learning = undefined;
        throw error;
      },
    );
    return this.learning;
  }

  async discover(signal: AbortSignal): Promise<string[]> {
    const { says } = await this.service.describe('/ServiceProviderConfig', signal);
    await this.learnSchemas(signal);
    const { total } = await this.accounts.first(signal);
    await this.lookUp.probe(signal);
    return this.findings(says, total);
  }

  private async learnSchemas(signal: AbortSignal): Promise<void> {
    const { facts, notKept } = this.memory;
    const { says, isSilent } = await this.service.describe('/Schemas', signal);
    if (isSilent) facts.customFields ??= {};
    if (says === undefined) return; // what is known goes on counting
    const listed = fieldsIn(says, this.customSchema);
    // A field that was dropped and that the LMS has got since is worth another try.
    for (const name of Object.keys(listed))
      if (facts.customFields && !Object.hasOwn(facts.customFields, name)) notKept.delete(`custom.${name}`);
    facts.customFields = listed;
  }

  private findings(said: unknown, total: number | undefined): string[] {
    const { facts, notKept, putOnly } = this.memory;
    const names = Object.keys(facts.customFields ?? {});
    return [
      total !== undefined && `There are ${total} accounts.`,
      said === undefined && 'It says nothing of what it can do; that is found out by trying.',
      isObject(said) && isOff(said.patch) && !facts.patchRefused && 'It says that it has no PATCH; that is tried all the same.',
      facts.patchRefused && 'It takes changes as whole accounts only (PUT), each of which costs a read.',
      facts.putRefused && 'It takes changes by PATCH only, not whole accounts (PUT).',
      facts.filter === 'ignored' && 'It ignores filters: finding one account takes a walk through all of them.',
      facts.filter === 'refused' && 'It refuses filters, or finds nobody by them: finding one account takes a walk through all of them.',
      facts.filterIsExact && 'Its filters tell upper and lower case apart.',
      facts.namesDifferByCase && 'It has accounts whose user names differ in case alone.',
      facts.namesAreShared && 'It has accounts that share one user name: it does not keep them unique.',
      facts.countRefused && 'It does not let pages have a size.',
      facts.pageSize !== undefined && `It gives ${facts.pageSize} accounts a page.`,
      names.length > 0
        ? `Custom fields: ${names.join(', ')}.`
        : `It lists no custom fields under ${this.customSchema}; they are sent as text, and what is not kept is noticed.`,
      notKept.size > 0 && `It does not keep: ${[...notKept].join(', ')}.`,
      putOnly.size > 0 && `It does not take by PATCH: ${[...putOnly].join(', ')}.`,
    ].filter((finding): finding is string => typeof finding === 'string');
  }
}

function isOff(part: unknown): boolean {
  return isObject(part) && part.supported === false;
}

/** The attributes of one schema, from a list (RFC 7644, 4) or from a bare array. */
function fieldsIn(schemas: unknown, id: string): Record<string, FieldType> {
  const all = Array.isArray(schemas) ? schemas : isObject(schemas) && Array.isArray(schemas.Resources) ? schemas.Resources : [];
  const schema = all.filter(isObject).find((one) => typeof one.id === 'string' && one.id.toLowerCase() === id.toLowerCase());
  const attributes = Array.isArray(schema?.attributes) ? schema.attributes.filter(isObject) : [];
  return Object.fromEntries(
    attributes.flatMap(({ name, type, multiValued }) =>
      typeof name === 'string'
        ? [[name, { type: typeof type === 'string' ? type : 'string', ...(multiValued === true && { multiValued }) }]]
        : [],
    ),
  );
}
