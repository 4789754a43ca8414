import { z } from 'zod';
import { accept, Refused } from '../controls/refused';
import type { Person } from '../people/person';
import type { Applications } from './applications';
import { churn, hire, type Churned } from './churn';
import { SortedIds } from './sorted-ids';
import type { Tenant } from './tenant';

export interface ChangeContext {
  tenant: Tenant;
  applications: Applications;
  /** When it happens, ISO 8601; given so that a replay brings about the same. */
  at: string;
}

/** An object id or a user name. */
const who = z.string().min(1);
const one = z.strictObject({ id: who });
const text = z.string().nullable();
const attributes = z
  .strictObject({
    mail: text,
    displayName: text,
    givenName: text,
    surname: text,
    department: text,
    jobTitle: text,
    officeLocation: text,
    companyName: text,
    city: text,
    state: text,
    country: text,
    usageLocation: text,
    preferredLanguage: text,
    mobilePhone: text,
    employeeId: text,
    employeeType: text,
    employeeOrgData: z.strictObject({ costCenter: text.default(null), division: text.default(null) }).nullable(),
    employeeHireDate: text,
    onPremisesImmutableId: text,
    userPrincipalName: z.string().min(1),
    accountEnabled: z.boolean(),
    userType: z.enum(['Member', 'Guest']),
    businessPhones: z.array(z.string()),
    otherMails: z.array(z.string()),
    onPremisesExtensionAttributes: z.record(z.string().regex(/^extensionAttribute([1-9]|1[0-5])$/), z.string()).nullable(),
    directoryExtensions: z.record(z.string().regex(/^extension_[0-9a-f]{32}_\w+$/), z.string()).nullable(),
  })
  .partial();
const rate = z.record(z.string(), z.number().min(0).max(1)).optional();

const change = <Schema extends z.ZodType, Result>(schema: Schema, apply: (context: ChangeContext, asked: z.output<Schema>) => Result) => ({
  schema,
  apply,
});

/** A manager by id or user name: a user, a contact, or nobody. */
function managerId(tenant: Tenant, manager: string | null): string | null {
  if (manager === null || tenant.others.has(manager)) return manager;
  return tenant.need(manager).person.id;
}

/** All that can happen in the tenant. Each is a route of the admin port, a method in the same process, and a line of the journal. */
export const changes = {
  hire: change(
    z.strictObject({
      count: z.number().int().min(1).max(100_000).default(1),
      managerId: who.nullable().optional(),
      inGroup: z.boolean().default(true),
      attributes: attributes.default({}),
    }),
    ({ tenant }, { count, managerId: manager, inGroup, attributes: given }) => {
      const upn = given.userPrincipalName;
      if (upn !== undefined && (count > 1 || tenant.isTaken(upn)))
        throw new Refused([`userPrincipalName: ${upn} can be given to one person, who has it alone`]);
      const boss = manager === undefined ? null : managerId(tenant, manager);
      const ids = Array.from({ length: count }, () => hire(tenant, boss, inGroup));
      for (const id of ids) tenant.change(tenant.need(id), given);
      return { ids };
    },
  ),
  leave: change(one, ({ tenant }, { id }) => ({ left: tenant.leave(tenant.need(id).person.id) })),
  join: change(one, ({ tenant }, { id }) => ({ joined: tenant.join(tenant.need(id).person.id) })),
  disable: change(one, ({ tenant }, { id }) => tenant.change(tenant.need(id), { accountEnabled: false })),
  enable: change(one, ({ tenant }, { id }) => tenant.change(tenant.need(id), { accountEnabled: true })),
  delete: change(one, ({ tenant, at }, { id }) => {
    const entry = tenant.need(id);
    tenant.softDelete(entry, at);
    return { id: entry.person.id, userPrincipalName: entry.person.userPrincipalName };
  }),
  restore: change(
    z.strictObject({ id: who, userPrincipalName: z.string().optional() }),
    ({ tenant }, { id, userPrincipalName }) => tenant.restore(id, userPrincipalName).person,
  ),
  /** For good, from the bin or straight away. */
  purge: change(one, ({ tenant, at }, { id }) => {
    const alive = tenant.find(id);
    const purged = alive?.person.id ?? id;
    if (alive) tenant.softDelete(alive, at);
    if (!tenant.deleted.delete(purged)) throw new Refused([`nobody is called ${id}`]);
    return { id: purged };
  }),
  rename: change(
    z.strictObject({
      id: who,
      userPrincipalName: z.string().min(1).optional(),
      mail: text.optional(),
      displayName: z.string().optional(),
      givenName: text.optional(),
      surname: text.optional(),
    }),
    ({ tenant }, { id, ...names }) => tenant.change(tenant.need(id), given(names)),
  ),
  swapNames: change(z.strictObject({ one: who, other: who }), ({ tenant }, asked) =>
    tenant.swapNames(tenant.need(asked.one), tenant.need(asked.other)),
  ),
  moveToManager: change(z.strictObject({ id: who, managerId: who.nullable() }), ({ tenant }, asked) =>
    tenant.change(tenant.need(asked.id), { managerId: managerId(tenant, asked.managerId) }),
  ),
  set: change(z.strictObject({ id: who, attributes }), ({ tenant }, asked) =>
    tenant.change(tenant.need(asked.id), given(asked.attributes)),
  ),
  /** Puts somebody into a group within the group; unless `direct`, they are no direct member any more. */
  addNested: change(
    z.strictObject({ id: who, group: z.string().default('Nested'), direct: z.boolean().default(false) }),
    ({ tenant }, { id, group: name, direct }) => {
      const { person } = tenant.need(id);
      const before = [...tenant.groups.values()].find(({ displayName }) => displayName === name);
      const group =
        before ??
        tenant.addGroup({
          id: tenant.maker.id(),
          displayName: name,
          visibility: 'Private',
          membershipRule: null,
          members: new SortedIds(),
        });
      if (group.id === tenant.groupId) throw new Refused(['group: the synced group is not nested in itself']);
      tenant.join(group.id);
      tenant.join(person.id, group.id);
      if (!direct) tenant.leave(person.id);
      return { groupId: group.id };
    },
  ),
  churn: change(
    z.strictObject({ percent: z.number().min(0).max(100).default(1), seed: z.number().int().nonnegative().default(1) }),
    ({ tenant, at }, asked): Churned => churn(tenant, asked, at),
  ),
  reset: change(
    z.strictObject({
      size: z.number().int().min(0).max(1_000_000),
      seed: z.number().int().nonnegative().default(1),
      awkward: z.boolean().default(true),
      proportions: z.strictObject({ naming: rate, managing: rate, holding: rate }).partial().optional(),
    }),
    ({ tenant }, options) => {
      tenant.reset({ ...options, proportions: options.proportions });
      return { members: tenant.group.members.size };
    },
  ),
  setGroup: change(
    z.strictObject({
      displayName: z.string().min(1).optional(),
      visibility: z.enum(['Private', 'Public', 'HiddenMembership']).optional(),
      membershipRule: text.optional(),
    }),
    ({ tenant }, asked) => void Object.assign(tenant.group, given(asked)),
  ),
  /** Everybody out of the group, as an administrator may do by mistake. */
  emptyGroup: change(z.strictObject({}), ({ tenant }) => {
    const ids = [...tenant.group.members.all()];
    for (const id of ids) tenant.leave(id);
    return { left: ids.length };
  }),
  permissions: change(
    z.strictObject({ grant: z.array(z.string()).default([]), revoke: z.array(z.string()).default([]) }),
    ({ applications }, { grant, revoke }) => {
      applications.grant(grant);
      applications.revoke(revoke);
      return { granted: [...applications.granted].sort() };
    },
  ),
  addSecret: change(
    z.strictObject({ value: z.string().min(8), endDateTime: z.iso.datetime(), displayName: z.string().optional() }),
    ({ applications, at }, asked) => ({
      keyId: applications.addSecret({ ...asked, startDateTime: at }).keyId,
    }),
  ),
  addCertificate: change(z.strictObject({ certificate: z.string() }), ({ applications }, asked) => ({
    keyId: applications.addCertificate(asked.certificate).keyId,
  })),
  removeCredential: change(z.strictObject({ keyId: z.string() }), ({ applications }, { keyId }) => applications.removeCredential(keyId)),
};

export type ChangeName = keyof typeof changes;
export type Changes = {
  [Name in ChangeName]: (asked: z.input<(typeof changes)[Name]['schema']>) => ReturnType<(typeof changes)[Name]['apply']>;
};

/** Checks what is asked and does it; throws `Refused` and has changed nothing when it can't be done. */
export function applyChange(context: ChangeContext, name: string, asked: unknown): unknown {
  if (!Object.hasOwn(changes, name)) throw new Refused([`there is no change ${name}`]);
  const { schema, apply } = changes[name as ChangeName] as {
    schema: z.ZodType;
    apply: (context: ChangeContext, asked: unknown) => unknown;
  };
  return apply(context, accept(schema, asked));
}

/** Without what wasn't given: `undefined` would overwrite. */
function given(properties: Partial<Person> | Record<string, unknown>): Partial<Person> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}
