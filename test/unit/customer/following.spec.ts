import { createFollowDecisions } from '../../../activities/customer/follow-decisions';
import type { SyncSchedule } from '../../../adapters/engine/engine';
import { paused } from '../../../domain/customer/decisions';
import { projectionOf } from '../../../domain/customer/projection';
import type { CustomerState } from '../../../domain/customer/state';
import { acme, at, live } from './acme';

/** The note of a Schedule, which nothing encrypts. */
async function noteFor(state: CustomerState): Promise<string | undefined> {
  let seen: SyncSchedule | undefined;
  const engine = { reconcileSchedule: async (schedule: SyncSchedule) => void (seen = schedule) };
  const deps = { customers: { follow: async () => undefined }, leases: { holder: async () => undefined }, runs: {}, engine };
  await createFollowDecisions(deps as unknown as Parameters<typeof createFollowDecisions>[0])(projectionOf(state));
  return seen?.paused;
}

test('a pause is told to the Schedule without who made it, or in which words', async () => {
  const note = await noteFor(paused(live, 'Jo Miller’s account is wrong', 'ann@acme.example', at(0)));
  expect(note).toBe(`Paused since ${at(0)}. Who did it, and why: query \`status\` of customer/acme.`);
});

test('what else keeps a customer from running is told in our own words', async () => {
  expect(await noteFor(acme)).toEqual(expect.stringContaining('live'));
});
