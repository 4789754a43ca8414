import { Failure } from '../../../domain/failure';
import { tidy, writable, type Item, type Operation } from './items';
import type { LookUp } from './look-up';
import type { Memory } from './memory';
import { isNowhere, refusalOf, saying, type Refusal } from './refusal';
import type { Resources, ShownAccount } from './resource';
import { pathOf, type Read, type Service } from './service';
import type { Answer } from './transport';
import { isObject, urn, type Resource } from './words';

export interface Sending {
  accountId: string;
  signal: AbortSignal;
  /** The person's own values, which no error may repeat. */
  personal: readonly string[];
  /** The account was seen to be there, whatever a write of it is answered. */
  isThere?: true;
  /** What PATCH does not get through to, PUT doesn't either. */
  isPutVain?: boolean;
}

/** `instead`: by PUT because PATCH got nowhere. */
type By = 'patch' | 'put' | 'instead';

export interface Shown {
  account: ShownAccount;
  /** Read anew after the write, and so all that there is to see. */
  isRead: boolean;
  viaPut: boolean;
}

/** Sends some items of a change, as one PATCH or, where that isn't to be had, as a PUT of the whole account. */
export class Sender {
  constructor(
    private readonly service: Service,
    private readonly memory: Memory,
    private readonly resources: Resources,
    private readonly lookUp: LookUp,
  ) {}

  /** The account afterwards, or what the server refused the items for. Throws `TargetAccountMissing`. */
  async send(items: readonly Item[], by: By, sending: Sending): Promise<Shown | Refusal> {
    const { facts, putOnly } = this.memory;
    if (by === 'put' && facts.putRefused && !facts.patchRefused) return this.shown(await this.current(sending), true, true);
    const isPutOnly = !facts.putRefused && items.some(({ fields }) => fields.some((field) => putOnly.has(field)));
    const viaPut = by !== 'patch' || facts.patchRefused === true || isPutOnly;
    const current =
      viaPut || facts.ifMatchRequired || items.some(({ needsCurrent }) => needsCurrent) ? await this.current(sending) : undefined;
    const body = viaPut && current ? wholeOf(current.resource, items) : patchOf(items, current?.resource);
    if (!body) return this.shown(await this.current(sending), viaPut, true);
    const answer = await this.write(viaPut ? 'PUT' : 'PATCH', JSON.stringify(body), current?.etag, items, sending);
    return this.understand(answer, items, by, viaPut, sending);
  }

  async read({ accountId, signal }: Pick<Sending, 'accountId' | 'signal'>): Promise<ShownAccount> {
    const read = await this.service.get(accountId, signal);
    if (!read) throw new Failure('TargetAccountMissing');
    return this.resources.account(read.resource);
  }

  private async understand(answer: Answer, items: readonly Item[], by: By, viaPut: boolean, sending: Sending): Promise<Shown | Refusal> {
    const { facts } = this.memory;
    const { status } = answer;
    if (status < 300) return this.after(answer, items, viaPut, sending);
    if (status === 428 && !facts.ifMatchRequired) {
      facts.ifMatchRequired = true;
      return this.send(items, by, sending);
    }
    if (status === 412) return this.again(items, by, viaPut, sending);
    const refusal = refusalOf(answer);
    if (!isNowhere(answer)) return refusal;
    if (!sending.isThere && !(await this.service.get(sending.accountId, sending.signal)))
      throw new Failure('TargetAccountMissing', undefined, { status });
    sending.isThere = true;
    return viaPut ? this.withoutPut(refusal, items, by, sending) : this.instead(refusal, items, sending);
  }

  /** PATCH got nowhere, which may be about PATCH, about this account or about what a value refers to. It is about PATCH where PUT gets through, and no PATCH ever did. */
  private async instead(refusal: Refusal, items: readonly Item[], sending: Sending): Promise<Shown | Refusal> {
    const { facts, patched, putOnly } = this.memory;
    if (facts.putRefused || sending.isPutVain) return refusal;
    const result = await this.send(items, 'instead', sending);
    if (!('account' in result)) {
      if (!isNowhere(result)) return result;
      sending.isPutVain = !items.some(({ fields }) => fields.includes('manager')); // who may be the one that isn't found
      return refusal;
    }
    if (patched.size === 0) facts.patchRefused = true;
    // What PATCH did before is doubted first: the next time it is believed.
    else for (const field of items.flatMap(({ fields }) => fields)) if (!patched.delete(field)) putOnly.add(field);
    return result;
  }

  /** PUT got nowhere. Where PATCH does there is none; but neither a single account nor what a value refers to tells that of all. */
  private async withoutPut(refusal: Refusal, items: readonly Item[], by: By, sending: Sending): Promise<Shown | Refusal> {
    const { facts, patched, putOnly } = this.memory;
    if (!facts.hasWritten && patched.size === 0)
      throw new Failure('TargetRefusesWrites', saying(refusal, sending.personal), { status: refusal.status });
    if (by !== 'put' || facts.patchRefused || putOnly.size > 0) return refusal;
    facts.putRefused = true;
    return this.send(items, 'put', sending); // shows what PATCH has done
  }

  /** Somebody else changed the account since it was read: once more, from what it holds now. */
  private async again(items: readonly Item[], by: By, viaPut: boolean, sending: Sending): Promise<Shown | Refusal> {
    const current = await this.current(sending);
    const body = viaPut ? wholeOf(current.resource, items) : patchOf(items, current.resource);
    if (!body) return this.shown(current, viaPut, true);
    const answer = await this.write(viaPut ? 'PUT' : 'PATCH', JSON.stringify(body), current.etag, items, sending);
    if (answer.status !== 412) return this.understand(answer, items, by, viaPut, sending);
    throw new Failure('TargetRefused', 'The account was changed again and again while it was written.', { status: 412 });
  }

  private async write(
    method: 'PUT' | 'PATCH',
    body: string,
    ifMatch: string | undefined,
    items: readonly Item[],
    sending: Sending,
  ): Promise<Answer> {
    const { accountId, signal } = sending;
    try {
      return await this.service.write({ method, path: pathOf(accountId), body, ifMatch }, signal, () => sending.personal);
    } catch (error) {
      if (error instanceof Failure && error.status === 500 && (await this.isClash(items, sending)))
        return { status: 409, headers: {}, body: '' };
      throw error;
    }
  }

  /** One server answers 500 to an unknown id, one to a name that is taken. False where it can't be told. */
  private async isClash(items: readonly Item[], sending: Sending): Promise<boolean> {
    const isThere = await this.service.get(sending.accountId, sending.signal).catch(() => ({}));
    if (!isThere) throw new Failure('TargetAccountMissing', undefined, { status: 500 });
    return this.isNameTaken(items, sending).catch(() => false);
  }

  private async isNameTaken(items: readonly Item[], { accountId, signal }: Sending): Promise<boolean> {
    const laid: Resource = {};
    for (const item of items) if (item.fields.includes('userName')) item.lay(laid);
    if (typeof laid.userName !== 'string') return false;
    return (await this.lookUp.byUserName(laid.userName, signal)).some((account) => account.accountId !== accountId);
  }

  private async after(answer: Answer, items: readonly Item[], viaPut: boolean, sending: Sending): Promise<Shown> {
    const read = this.service.user(answer);
    if (read) return this.shown(read, viaPut, false);
    const current = await this.current(sending, items);
    const shown = this.shown(current, viaPut, true);
    // 204 says that nothing will be said. A 200 without a user says nothing at all, perhaps not even that anything was done.
    if (answer.status !== 204 && !items.some((item) => item.unshown(shown.account).length === 0)) {
      throw new Failure('TargetUnavailable', `It answered HTTP ${answer.status} without the user, and the account is as it was.`, {
        status: answer.status,
      });
    }
    return shown;
  }

  private shown({ resource }: Read, viaPut: boolean, isRead: boolean): Shown {
    const account = this.resources.account(resource);
    if (!isRead) delete account.hidesActive; // an answer may leave out what a read shows
    return { account, isRead, viaPut };
  }

  /** What the account holds now; where its id is its user name, by the new name after a rename. */
  private async current({ accountId, signal }: Sending, renamedBy: readonly Item[] = []): Promise<Read> {
    const read = await this.service.get(accountId, signal);
    if (read) return read;
    const laid: Resource = {};
    for (const item of renamedBy) if (item.fields.includes('userName')) item.lay(laid);
    const renamed = typeof laid.userName === 'string' ? await this.service.get(laid.userName, signal) : undefined;
    if (!renamed) throw new Failure('TargetAccountMissing');
    return renamed;
  }
}

function patchOf(items: readonly Item[], before: Resource | undefined): { schemas: string[]; Operations: Operation[] } | undefined {
  const after = before && items.some(({ needsCurrent }) => needsCurrent) ? laidOver(before, items) : undefined;
  const operations = items.flatMap((item) => item.operations(before, after));
  return operations.length > 0 ? { schemas: [urn.patch], Operations: operations } : undefined;
}

/** Read, changed and written back, so that nothing is lost which the LMS owns. */
function wholeOf(current: Resource, items: readonly Item[]): Resource {
  return tidy(laidOver(current, items));
}

function laidOver(current: Resource, items: readonly Item[]): Resource {
  const resource = writable(current);
  const before = isObject(resource.name) ? { ...resource.name } : {};
  for (const item of items) item.lay(resource);
  const { name } = resource;
  // A full name that was made of both names is made of the new ones; any other is somebody's own.
  if (isObject(name) && name.formatted !== undefined && name.formatted === joined(before) && joined(name) !== joined(before))
    name.formatted = joined(name);
  return resource;
}

function joined({ givenName, familyName }: Resource): string {
  return [givenName, familyName].filter((part) => typeof part === 'string' && part !== '').join(' ');
}
