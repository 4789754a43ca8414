import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { customerDetails } from '../domain/customer/details';
import { healthOf } from '../domain/customer/health';
import type { CustomerState } from '../domain/customer/state';
import { searchAttributes } from '../domain/search-attributes';

const keys = {
  RollcallCustomer: defineSearchAttributeKey('RollcallCustomer', searchAttributes.RollcallCustomer),
  RollcallPhase: defineSearchAttributeKey('RollcallPhase', searchAttributes.RollcallPhase),
  RollcallHealth: defineSearchAttributeKey('RollcallHealth', searchAttributes.RollcallHealth),
  RollcallHolds: defineSearchAttributeKey('RollcallHolds', searchAttributes.RollcallHolds),
  RollcallLastSuccessAt: defineSearchAttributeKey('RollcallLastSuccessAt', searchAttributes.RollcallLastSuccessAt),
};

/** Shows a state in the UI and to searches; each change of a search attribute is an event, so only what differs is written. */
export function visibility(): (state: CustomerState) => void {
  let shown = new Map<string, string>();
  return (state) => {
    setCurrentDetails(customerDetails(state, Date.now()));
    const pairs = pairsOf(state);
    const changed = pairs.filter(({ key, value }) => shown.get(key.name) !== String(value));
    if (changed.length > 0) upsertSearchAttributes(changed);
    shown = new Map(pairs.map(({ key, value }) => [key.name, String(value)]));
  };
}

function pairsOf(state: CustomerState): SearchAttributePair[] {
  return [
    { key: keys.RollcallCustomer, value: state.customerId },
    { key: keys.RollcallPhase, value: state.phase },
    { key: keys.RollcallHealth, value: healthOf(state).is },
    { key: keys.RollcallHolds, value: state.holds },
    ...(state.lastSuccessAt ? [{ key: keys.RollcallLastSuccessAt, value: new Date(state.lastSuccessAt) }] : []),
  ];
}
