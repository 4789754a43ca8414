import { AsyncLocalStorage } from 'node:async_hooks';
import SCIMMY from 'scimmy';
import { resourceOf, type Account } from '../account';
import type { Accounts } from '../accounts';
import { describeField, faultOf, type CustomField } from '../custom-fields';
import { ScimError, urn, type UserAttributes } from '../scim';
import { findUsers, pageOf } from './listing';

/** What a request is about. */
export interface Context {
  accounts: Accounts;
  baseUrl: string;
  customFields: readonly CustomField[];
}

/** scimmy keeps its resource types in the module, so that all servers of a process share them: which one is meant comes with the request. */
export const contexts = new AsyncLocalStorage<Context>();

type Resource = InstanceType<typeof SCIMMY.Resources.User>;

let declaredFields: string | undefined;

/** Once for each process. Throws where another server of this process has other custom fields. */
export function declareUsers(customFields: readonly CustomField[]): void {
  const fields = JSON.stringify(customFields);
  if (declaredFields === fields) return;
  if (declaredFields !== undefined) {
    throw new Error(
      'scimmy has one schema for each process. Start an LMS with other custom fields as a process of its own: sandbox/lms/main.',
    );
  }
  declaredFields = fields;
  SCIMMY.Resources.declare(SCIMMY.Resources.User).ingress(ingress).egress(egress).degress(degress);
  SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false);
  if (customFields.length > 0) SCIMMY.Schemas.User.definition.extend(customSchema(customFields), false);
  for (const resource of [SCIMMY.Resources.User, ...discovery]) locateByRequest(resource);
}

const discovery = [SCIMMY.Resources.Schema, SCIMMY.Resources.ResourceType, SCIMMY.Resources.ServiceProviderConfig];

/** The address of a resource is that of the server which was asked, also where two of them work at the same time. */
function locateByRequest(resource: { endpoint: string }): void {
  Object.defineProperty(resource, 'basepath', {
    value: (path?: string) => (path === undefined ? `${contexts.getStore()?.baseUrl ?? ''}${resource.endpoint}` : resource),
  });
}

function customSchema(fields: readonly CustomField[]) {
  const attributes = fields.map(
    (field) => new SCIMMY.Types.Attribute(scimType(field.type), field.name, { description: describeField(field) }),
  );
  return new SCIMMY.Types.SchemaDefinition('CustomFields', urn.custom, 'Custom fields of this LMS', attributes);
}

/** Text of any kind is a string here; its form is checked by the field itself. */
function scimType(type: CustomField['type']): 'string' | 'boolean' | 'decimal' {
  return type === 'number' ? 'decimal' : type === 'boolean' ? 'boolean' : 'string';
}

function ingress(resource: Resource, instance: object): never {
  return inScimmysTerms(() => {
    const { accounts, customFields } = here();
    const attributes = attributesIn(instance, customFields);
    const account =
      resource.id === undefined ? accounts.create(attributes, 'client') : accounts.write(existing(resource.id), attributes, 'client');
    return resourceOf(account);
  }) as never; // its types ask for an instance of the schema and its code for any object
}

function egress(resource: Resource): never {
  return inScimmysTerms(() => {
    if (resource.id !== undefined) return resourceOf(existing(resource.id));
    return pageOf(findUsers(here().accounts, resource.filter), resource);
  }) as never;
}

function degress(resource: Resource): void {
  inScimmysTerms(() => here().accounts.delete(existing(resource.id ?? ''), 'client'));
}

function attributesIn(instance: object, customFields: readonly CustomField[]): UserAttributes {
  const {
    schemas: _schemas,
    id: _id,
    meta: _meta,
    ...given
  } = JSON.parse(JSON.stringify(instance)) as UserAttributes & { id?: string; meta?: object };
  if (given.userName.trim() === '') throw new ScimError(400, 'invalidValue', "Required attribute 'userName' is missing");
  const custom = given[urn.custom] as Record<string, unknown> | undefined;
  for (const field of customFields) {
    const value = custom?.[field.name];
    const fault = value === undefined || value === null ? undefined : faultOf(field, value);
    if (fault) throw new ScimError(400, 'invalidValue', fault);
  }
  const extensions = [urn.enterprise, urn.custom].filter((id) => given[id] !== undefined);
  return { schemas: [urn.user, ...extensions], ...given, active: given.active ?? true };
}

function existing(id: string): Account {
  const account = here().accounts.get(id);
  if (!account) throw new ScimError(404, undefined, `Resource ${id} not found`);
  return account;
}

function here(): Context {
  const context = contexts.getStore();
  if (!context) throw new Error('scimmy was asked outside a request');
  return context;
}

/** scimmy makes a 404 of any error that is not its own. */
function inScimmysTerms<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ScimError) throw new SCIMMY.Types.Error(error.status, error.scimType ?? (null as never), error.message);
    if (error instanceof SCIMMY.Types.Error) throw error;
    throw new SCIMMY.Types.Error(500, null as never, error instanceof Error ? error.message : String(error));
  }
}
