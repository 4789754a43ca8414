import { Failure } from '../../domain/failure';
import { secretFault } from '../../domain/secret-text';
import type { CustomerSteps } from '../customer-steps';
import type { Dependencies } from '../dependencies';
import { createAcceptConfiguration } from './accept-configuration';
import { createDecideHolds } from './decide-holds';
import { createFollowDecisions } from './follow-decisions';
import { createTestConnection } from './test-connection';

export function createCustomerSteps(deps: Dependencies): CustomerSteps {
  const { customers, credentials, engine } = deps;
  return {
    acceptConfiguration: createAcceptConfiguration(deps),
    followDecisions: createFollowDecisions(deps),
    testConnection: createTestConnection(deps),

    async acceptCredential({ customerId, purpose, sealed, audience, credentialId, by }) {
      const value = await credentials.open(sealed, { customerId, purpose, audience });
      const fault = secretFault(value, purpose);
      if (fault) throw new Failure('Refused', `What was sealed can’t be used: ${fault}.`);
      await customers.keepCredential({ customerId, purpose, sealed, audience, credentialId, by });
    },
    sealingKeys: () => Promise.resolve({ kids: credentials.kids() }),
    startRun: (request) => engine.startRun(request),
    decideHolds: createDecideHolds(deps),
  };
}
