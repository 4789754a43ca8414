import { defineSearchAttributeKey, type TypedSearchAttributes } from '@temporalio/common';
import { searchAttributes } from '../domain/search-attributes';

/** A customer in a list: what its search attributes show. */
export interface CustomerOverview {
  customerId: string;
  phase?: string;
  health?: string;
  holds?: number;
  lastSuccessAt?: string;
}

const phase = defineSearchAttributeKey('RollcallPhase', searchAttributes.RollcallPhase);
const health = defineSearchAttributeKey('RollcallHealth', searchAttributes.RollcallHealth);
const holds = defineSearchAttributeKey('RollcallHolds', searchAttributes.RollcallHolds);
const lastSuccessAt = defineSearchAttributeKey('RollcallLastSuccessAt', searchAttributes.RollcallLastSuccessAt);

export function overviewOf(customerId: string, shown: TypedSearchAttributes): CustomerOverview {
  return {
    customerId,
    phase: shown.get(phase),
    health: shown.get(health),
    holds: shown.get(holds),
    lastSuccessAt: shown.get(lastSuccessAt)?.toISOString(),
  };
}
