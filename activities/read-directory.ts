import type { MemberRow } from '../adapters/store/member-store';
import { codeOf } from '../domain/failures';
import { compileMapping, type CompiledMapping } from '../domain/mapping/map-member';
import { desiredHash } from '../domain/mapping/desired-hash';
import { userNameKeyOf } from '../domain/mapping/user-name-key';
import { isObjectId, type DirectoryMember } from '../domain/member';
import { contextOf } from './context-of';
import type { Dependencies } from './dependencies';
import { longStep } from './long-step';
import type { LongSteps } from './steps';
import { waitWhileThrottled } from './throttled';

type Deps = Pick<Dependencies, 'customers' | 'leases' | 'members' | 'directoryOf' | 'now'>;

export function createReadDirectory(deps: Deps): LongSteps['readDirectory'] {
  const { customers, leases, members, directoryOf, now } = deps;
  return function readDirectory(run) {
    return longStep(now, async ({ show, waitInPlace, signal }) => {
      const { customerId, runId, mode } = run;
      const customer = await contextOf(customers, run);
      const view = mode === 'preview' ? 'preview' : 'live';
      const writer = { customerId, runId, fence: await leases.nextFence(customerId, runId) };
      const mapping = compileMapping(customer.configuration);
      const context = { writer, view, mappingVersion: mapping.version, map: mappedBy(mapping) } as const;

      const resumption = await members.resumeRead(writer, view);
      let { members: read } = resumption;
      let n = resumption.pages;
      const at = () => ({
        done: read,
        ...(resumption.expected !== undefined && { left: Math.max(0, resumption.expected - read) }),
        pages: n,
      });
      show(at());
      if (!resumption.isComplete) {
        const directory = await directoryOf(customer);
        if (n === 0) await directory.group(signal);
        for (;;) {
          try {
            for await (const page of directory.pages(n === 0 ? undefined : resumption.from, signal)) {
              const stored = await members.storePage(context, n + 1, page, resumption);
              n += 1;
              read += stored.members;
              resumption.from = page.next;
              show(at());
            }
            break;
          } catch (error) {
            if (codeOf(error) === 'DirectoryExpiredPageToken') await members.forgetPages(writer); // the next attempt starts over
            await waitWhileThrottled(error, { waitInPlace });
          }
        }
      }
      return members.completeRead(writer, view);
    });
  };
}

/** Nobody could be found by another id. */
function managerIdOf({ manager }: DirectoryMember): string | undefined {
  return manager && isObjectId(manager.id) ? manager.id.toLowerCase() : undefined;
}

function mappedBy({ map }: CompiledMapping) {
  return (member: DirectoryMember, memberId: string, sourceHash: string): MemberRow => {
    const mapped = map(member);
    const row = { memberId, sourceHash, managerId: managerIdOf(member) };
    const principalName = member.userPrincipalName ?? undefined;
    if (mapped.state === 'excluded') return { ...row, state: 'excluded', reason: mapped.reason, principalName };
    // Who is disabled is let go whatever else is wrong with them: often it is the mailbox, and with it the user name, that went first. And who is back is switched on.
    if (mapped.state === 'problem')
      return {
        ...row,
        state: 'problem',
        problems: JSON.stringify(mapped.problems),
        principalName,
        active: member.accountEnabled ?? undefined,
      };
    const { desired, warnings } = mapped;
    return {
      ...row,
      state: 'desired',
      problems: warnings.length > 0 ? JSON.stringify(warnings) : undefined,
      desired: JSON.stringify(desired),
      desiredHash: desiredHash(desired),
      userNameKey: userNameKeyOf(desired.userName),
      emailKey: desired.fields.email?.toLowerCase(),
      active: desired.active,
    };
  };
}
