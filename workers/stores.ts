import type { Dependencies } from '../activities/dependencies';
import { createAccountStore } from '../adapters/store/account-store';
import { createChangeStore } from '../adapters/store/change-store';
import { createCustomerStore } from '../adapters/store/customer-store';
import type { Database } from '../adapters/store/database';
import { createHoldStore } from '../adapters/store/hold-store';
import { createLeaseStore } from '../adapters/store/lease-store';
import { createLeaverStore } from '../adapters/store/leaver-store';
import { createLookUpStore } from '../adapters/store/look-up-store';
import { createMemberStore } from '../adapters/store/member-store';
import { createPlanStore } from '../adapters/store/plan-store';
import { createRunStore } from '../adapters/store/run-store';

type Stores = Pick<
  Dependencies,
  'customers' | 'leases' | 'runs' | 'members' | 'accounts' | 'leavers' | 'plans' | 'changes' | 'holds' | 'lookUps'
>;

export function createStores(database: Database): Stores {
  return {
    customers: createCustomerStore(database),
    leases: createLeaseStore(database),
    runs: createRunStore(database),
    members: createMemberStore(database),
    accounts: createAccountStore(database),
    leavers: createLeaverStore(database),
    plans: createPlanStore(database),
    changes: createChangeStore(database),
    holds: createHoldStore(database),
    lookUps: createLookUpStore(database),
  };
}
