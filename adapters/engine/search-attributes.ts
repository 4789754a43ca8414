import { defineSearchAttributeKey } from '@temporalio/common';
import { searchAttributes } from '../../domain/search-attributes';

/**
 * What is registered with the engine at first start. All that are planned are there from the first day, because on PostgreSQL a new one takes
 * the server up to ten seconds to know, and a workflow that sets an unknown one can't go on.
 */
export const searchAttributeDefinitions = {
  ...searchAttributes,
  RollcallSecretExpiresAt: 'DATETIME',
} as const;

/** By which a customer's Schedule, runs and look-ups are found. */
export const customerKey = defineSearchAttributeKey('RollcallCustomer', 'KEYWORD');
