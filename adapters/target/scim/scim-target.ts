import type { Dispatcher } from 'undici';
import type { Account } from '../../../domain/account';
import type { Configuration } from '../../../domain/configuration/configuration';
import type { EgressPolicy } from '../egress';
import type { Target, TargetMemory } from '../target';
import { byExternalId } from './by-external-id';
import { Creates, personalValues } from './creating';
import { Discovery } from './discovery';
import { Items } from './items';
import { Accounts } from './listing';
import { LookUp } from './look-up';
import { Memory } from './memory';
import { Pace } from './pace';
import { Resources } from './resource';
import { Sender } from './sending';
import { Service } from './service';
import { Transport, type TransportLimits } from './transport';
import { Updates } from './updating';

export interface ScimTargetOptions {
  configuration: Configuration['target'];
  token: string;
  /** What was found out before; `{}` at first. */
  memory: TargetMemory;
  egress: EgressPolicy;
  /** Fields without which nobody is written; any other is left out where the LMS refuses its value. */
  requiredFields?: Iterable<string>;
  limits?: Partial<TransportLimits>;
  onRequest?: (kind: 'read' | 'write') => void;
  /** Instead of a connection pool of its own. */
  dispatcher?: Dispatcher;
}

/** An LMS by SCIM 2.0, as servers really speak it: docs/targets.md. Throws `TargetAddressRefused` where it may not be called at all. */
export function createScimTarget(options: ScimTargetOptions): Target {
  const { baseUrl, customFieldsSchema, requestsPerMinute, concurrency } = options.configuration;
  const { server = baseUrl } = options.memory;
  const memory = new Memory(server === baseUrl ? options.memory : {});
  memory.facts.server = baseUrl;
  const { token, egress, limits, onRequest, dispatcher } = options;
  const transport = new Transport({
    baseUrl,
    token,
    concurrency,
    egress,
    limits,
    onRequest,
    dispatcher,
    pace: new Pace(requestsPerMinute),
  });
  const service = new Service(transport, memory);
  const resources = new Resources(customFieldsSchema, memory);
  const accounts = new Accounts(service, memory, resources);
  const lookUp = new LookUp(accounts, memory);
  const required = new Set(options.requiredFields);
  const isRequired = (field: string) => required.has(field);
  const keeps = (field: string) => !memory.notKept.has(field);
  const items = new Items(resources, memory, customFieldsSchema, (userName) => lookUp.key(userName), keeps);
  const updates = new Updates(new Sender(service, memory, resources, lookUp), memory, items, isRequired);
  const creates = new Creates(service, memory, resources, items, lookUp, updates, isRequired);
  const discovery = new Discovery(service, memory, accounts, lookUp, customFieldsSchema);

  return {
    discover: async (signal) => ({ findings: await discovery.discover(signal) }),
    tryWriting: (signal) => service.tryWriting(signal),
    answers: (signal) => accounts.answer(signal),
    async *accounts(signal) {
      await discovery.ready(signal);
      yield* accounts.pages(signal);
    },
    async findByUserName(userName, signal) {
      await discovery.ready(signal);
      const found = await lookUp.byUserName(userName, signal);
      if (new Set(found.map((account) => account.userName)).size < found.length) memory.facts.namesAreShared = true;
      return found;
    },
    async findByExternalId(externalId, signal) {
      await discovery.ready(signal);
      return byExternalId(accounts, externalId, signal);
    },
    async get(accountId, signal): Promise<Account | undefined> {
      await discovery.ready(signal);
      const read = await service.get(accountId, signal);
      return read && resources.account(read.resource);
    },
    create(desired, manager, signal) {
      const ready = discovery.ready(signal);
      return ready ? ready.then(() => creates.create(desired, manager, signal)) : creates.create(desired, manager, signal);
    },
    async update(accountId, change, whole, signal) {
      const ready = discovery.ready(signal);
      if (ready) await ready;
      const personal = [
        ...personalValues(whole.desired, whole.manager),
        ...Object.values(change.set),
        change.userName ?? '',
        change.externalId ?? '',
        change.manager?.accountId ?? '',
      ];
      return updates.update(change, { accountId, signal, personal });
    },
    userNameKey: (userName) => lookUp.key(userName),
    keepsNamesUnique: () => memory.facts.namesAreShared !== true,
    keeps,
    notKept: () => [...memory.notKept],
    isSameValue: (field, one, other) => items.isSame(field, one, other),
    memory: () => memory.toJSON(),
    close: () => transport.close(),
  };
}
