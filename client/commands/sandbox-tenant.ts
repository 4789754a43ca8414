import { Option } from 'commander';
import type { AddVerb } from './add-command';
import { wholeNumber } from './arguments';
import type { Ask } from './sandbox';

interface Habits {
  needsConsistencyLevel?: Switch;
  snapshots?: Switch;
  emptyPageEvery?: number;
  mostPerPage?: number;
  pageTokenLifetimeMs?: number;
  tokenLifetimeMs?: number;
  admin?: string;
}
type Switch = 'on' | 'off';

const onOrOff = (name: string, says: string) => new Option(`--${name} <on|off>`, says).choices(['on', 'off']);
const isOn = (value: Switch | undefined) => value && value === 'on';

/** How the tenant answers, where tenants differ: what a sync must get along with. */
export function addTenantCommands(verb: AddVerb, ask: Ask): void {
  verb(
    'tenant',
    'what the tenant does one way or another, and sets it',
    'rollcall sandbox tenant',
    'rollcall sandbox tenant --needs-consistency-level on',
    'rollcall sandbox tenant --most-per-page 100 --empty-page-every 3 --page-token-lifetime-ms 2000',
  )
    .addOption(
      onOrOff('needs-consistency-level', 'lists of users in a group are refused without ConsistencyLevel: eventual and $count=true'),
    )
    .addOption(onOrOff('snapshots', 'next links remember who was in the group when the read began'))
    .option('--empty-page-every <n>', 'every so many pages one is empty; 0: none', wholeNumber)
    .option('--most-per-page <n>', 'no page is longer, 1 to 999', wholeNumber)
    .option('--page-token-lifetime-ms <ms>', 'how long next links are good, from the first page on', wholeNumber)
    .option('--token-lifetime-ms <ms>', 'how long access tokens are good that are issued from now on', wholeNumber)
    .action(({ needsConsistencyLevel, snapshots, admin, ...numbers }: Habits) => {
      const flags = { requiresConsistencyLevelForCast: isOn(needsConsistencyLevel), snapshots: isOn(snapshots) };
      const set = Object.fromEntries(Object.entries({ ...flags, ...numbers }).filter(([, value]) => value !== undefined));
      return Object.keys(set).length > 0 ? ask('entra', { admin }, 'PATCH', '/habits', set) : ask('entra', { admin }, 'GET', '/habits');
    });

  verb(
    'revoke-tokens',
    'Graph takes no token any more that was issued before, so that whoever comes next signs in anew',
    'rollcall sandbox revoke-tokens',
  ).action((options: { admin?: string }) => ask('entra', options, 'POST', '/revokeTokens', {}));
}
