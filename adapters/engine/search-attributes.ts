import { defineSearchAttributeKey } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { searchAttributes } from '../../domain/search-attributes';

/**
 * What is registered with the engine at first start. All that are planned are there from the first day, because on PostgreSQL a new one takes
 * the server up to ten seconds to know, and a workflow that sets an unknown one can't go on.
 */
export const searchAttributeDefinitions = {
  ...searchAttributes,
  RollcallSecretExpiresAt: 'DATETIME',
} as const;

export type SearchAttributeName = keyof typeof searchAttributeDefinitions;
export const searchAttributeNames = Object.keys(searchAttributeDefinitions) as SearchAttributeName[];

/** By which a customer's Schedule, runs and look-ups are found. */
export const customerKey = defineSearchAttributeKey('RollcallCustomer', 'KEYWORD');

const { IndexedValueType } = temporal.api.enums.v1;
export type RegisteredAttributes = Readonly<Record<string, temporal.api.enums.v1.IndexedValueType>>;

export function typeOf(name: SearchAttributeName): temporal.api.enums.v1.IndexedValueType {
  return IndexedValueType[`INDEXED_VALUE_TYPE_${searchAttributeDefinitions[name]}`];
}

/** Those that a namespace doesn't have, or has with another type. */
export function lackingIn(registered: RegisteredAttributes | null | undefined): SearchAttributeName[] {
  return searchAttributeNames.filter((name) => registered?.[name] !== typeOf(name));
}

/** What an operator types to register them. */
export function registeringCommand(namespace: string, names: readonly SearchAttributeName[]): string {
  const flags = names.map((name) => {
    const kind = searchAttributeDefinitions[name];
    return `--name ${name} --type ${kind[0]}${kind.slice(1).toLowerCase()}`;
  });
  return `temporal operator search-attribute create --namespace ${namespace} ${flags.join(' ')}`;
}
