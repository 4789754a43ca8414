import { Context } from '@temporalio/activity';
import type { GroupFacts } from '../../adapters/directory/directory';
import { Failure } from '../../domain/failure';
import { failures, remedyOf } from '../../domain/failures';
import type { ItemName } from '../../domain/customer/checklist';
import { shownByFailure } from '../../domain/customer/run-history';
import { compileMapping } from '../../domain/mapping/map-member';
import { contextOf } from '../context-of';
import type { CustomerSteps, Finding } from '../customer-steps';
import type { CustomerContext, Dependencies } from '../dependencies';

type Deps = Pick<Dependencies, 'customers' | 'directoryOf' | 'targetOf'>;

/** Proves one thing after the other; what fails stops its own side only, and every finding says what to do. */
export function createTestConnection({ customers, directoryOf, targetOf }: Deps): CustomerSteps['testConnection'] {
  return async function testConnection({ customerId }) {
    const customer = await contextOf(customers, { customerId });
    const signal = Context.current().cancellationSignal;
    const [directory, target] = await Promise.all([testDirectory(customer, signal), testTarget(customer, signal)]);
    return { findings: [...directory, ...target] };
  };

  async function testDirectory(customer: CustomerContext, signal: AbortSignal): Promise<Finding[]> {
    const findings: Finding[] = [];
    await looking(customer, findings, 'directoryCredential', async () => {
      const directory = await directoryOf(customer);
      const { roles } = await directory.signIn(signal);
      findings.push({
        ok: true,
        item: 'directoryCredential',
        says: `Signed in to tenant ${customer.configuration.directory.tenantId}; permissions in the token: ${roles.join(', ') || 'none'}.`,
      });
      await looking(customer, findings, 'membersReadable', async () => {
        const group = await directory.group(signal);
        const mapping = compileMapping(customer.configuration);
        for await (const page of directory.pages(undefined, signal)) {
          const people = page.members();
          if (people.length === 0 && page.next !== undefined) continue; // pages may be empty; the last one says that nobody is there
          const mapped = people.map((member) => mapping.map(member).state);
          const count = (state: string) => mapped.filter((one) => one === state).length;
          findings.push({
            ok: people.length > 0,
            item: 'membersReadable',
            says: `The group${group.visibility === 'HiddenMembership' ? ' (hidden membership)' : ''} is there; of its first ${people.length} members ${count('desired')} can be synced, ${count('excluded')} are excluded by rule, ${count('problem')} have a problem.`,
            ...(people.length === 0 && nobodyThere(group, roles)),
          });
          break; // a sample is enough
        }
      });
    });
    return findings;
  }

  async function testTarget(customer: CustomerContext, signal: AbortSignal): Promise<Finding[]> {
    const findings: Finding[] = [];
    await looking(customer, findings, 'targetCredential', async () => {
      const target = await targetOf(customer);
      try {
        const { findings: seen } = await target.discover(signal);
        findings.push({ ok: true, item: 'targetCredential', says: `The LMS accepts the credential. ${seen.join(' ')}`.trim() });
        await looking(customer, findings, 'targetWritable', async () => {
          const isTold = await target.tryWriting(signal);
          const says = isTold
            ? 'The LMS lets users be changed.'
            : 'Whether the LMS lets users be created and changed shows with the first one; nothing speaks against it.';
          findings.push({ ok: true, item: 'targetWritable', says });
        });
      } finally {
        await customers.rememberTarget(customer.customerId, target.memory());
        await target.close();
      }
    });
    return findings;
  }
}

async function looking({ customerId }: CustomerContext, findings: Finding[], item: ItemName, look: () => Promise<void>): Promise<void> {
  try {
    await look();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, message } = error;
    findings.push({
      ok: false,
      item: shownByFailure[code] ?? item,
      says: message,
      remedy: remedyHere(error, customerId),
      code,
    });
  }
}

/** A run tries again by itself where the other side asks for a pause, or is away; a test has answered. */
function remedyHere({ code, retryAfterMs = 0 }: Failure, customerId: string): string {
  if (!failures[code].passes) return remedyOf(code, customerId);
  const minutes = Math.max(1, Math.ceil(retryAfterMs / 60_000));
  const again = `Test again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}: \`rollcall customer test-connection ${customerId}\`.`;
  return code === 'TargetUnavailable' ? `${again} If it lasts, check the base URL and whether the LMS is up.` : again;
}

function nobodyThere({ visibility }: GroupFacts, roles: readonly string[]): Pick<Finding, 'code' | 'remedy'> {
  const isHidden = visibility === 'HiddenMembership' && !roles.includes('Member.Read.Hidden');
  if (isHidden) return { code: 'MembershipHidden', remedy: failures.MembershipHidden.remedy };
  return {
    code: 'MembersMissing',
    remedy:
      'Add people to the group in Entra, to itself: whoever is reached through nested groups only is not synced. If they are there already, check the application’s permissions.',
  };
}
