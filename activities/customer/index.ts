import { Failure } from '../../domain/failure';
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
      if (!value.trim()) throw new Failure('CredentialMissing', 'What was sealed is empty.');
      await customers.keepCredential({ customerId, purpose, sealed, audience, credentialId, by });
    },
    sealingKeys: () => Promise.resolve({ kids: credentials.kids() }),
    startRun: (request) => engine.startRun(request),
    decideHolds: createDecideHolds(deps),
  };
}
