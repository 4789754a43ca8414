import * as fc from 'fast-check';
import { entraFaults } from '../../../sandbox/entra/entra';
import { commonKinds } from '../../../sandbox/controls/faults';
import { ownFaultKinds } from '../../../sandbox/lms/requests';

/** A fault that is switched on before a run. Whatever doesn't pass by itself is taken away after a while, as an outage ends. */
export interface Trouble {
  at: 'entra' | 'lms';
  rule: Record<string, unknown>;
  /** By number, the member whom the pages leave out. */
  who?: number;
}

const times = fc.integer({ min: 1, max: 3 });
const after = fc.integer({ min: 0, max: 12 });
const ending = fc.constantFrom('length', 'connection');
const commonKind = fc.constantFrom(...Object.keys(commonKinds));

/**
 * What any server may do, a few times, somewhere in the run. Of an empty answer only the pages tell here: one that also meets the very person whom they left out, and not the
 * control beside them, would be Entra saying twice, in two ways, that they are not in the group, and nobody could know better.
 */
const common = (paths: readonly (string | undefined)[], isEntra = false) =>
  fc
    .record({
      kind: commonKind,
      times,
      after,
      ending,
      path: fc.constantFrom(...paths),
      method: fc.constantFrom(undefined, undefined, 'GET', 'POST', 'PATCH', 'PUT'),
    })
    .map(({ kind, path, method, ending: how, ...rest }): Trouble['rule'] => {
      const match = kind === 'emptyOk' && isEntra ? { path: '/members' } : { ...(path && { path }), ...(method && { method }) };
      return {
        kind,
        ...rest,
        ...(kind === 'slow' && { delayMs: 300 }),
        ...(kind === 'throttled' && { retryAfter: 0.2 }),
        ...(kind === 'cutOff' && { ending: how }),
        ...(Object.keys(match).length > 0 && { match }),
      };
    });

const ofEntra = fc.oneof(
  { weight: 5, arbitrary: common([undefined, '/members', '/[$]batch', '^/v1.0/', '/oauth2/v2[.]0/token'], true) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Trouble['rule']>(
      ...Object.keys(entraFaults).map((kind) => ({
        kind,
        ...(['emptyToken', 'tokenThrottled', 'expiredPageToken'].includes(kind) && { times: 1 }),
      })),
      { kind: 'consentWithdrawn', with: { permission: 'GroupMember.Read.All' } },
      { kind: 'hiddenMembership', with: { members: 'empty' } },
      { kind: 'emptyOk', match: { path: '/members' } },
      { kind: 'emptyOk', match: { path: 'checkMemberGroups' } },
    ),
  },
);

const ofLms = fc.oneof(
  { weight: 6, arbitrary: common([undefined, '/Users']) },
  { weight: 1, arbitrary: fc.constantFrom<Trouble['rule']>(...Object.keys(ownFaultKinds).map((kind) => ({ kind }))) },
);

const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  ofEntra.map((rule): Trouble => ({ at: 'entra', rule })),
  ofLms.map((rule): Trouble => ({ at: 'lms', rule })),
);

/** Two faults that are harmless one by one: a member is missing from the pages, and whoever is asked about them has nothing to say. */
const blindness: fc.Arbitrary<Trouble[]> = fc.nat(30).map((who) => [
  { at: 'entra', rule: { kind: 'memberFallsOut' }, who },
  { at: 'entra', rule: { kind: 'emptyOk', match: { path: 'checkMemberGroups' } } },
]);

export const troubles: fc.Arbitrary<Trouble[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Trouble[]>([]) },
  { weight: 5, arbitrary: fc.array(trouble, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: blindness },
);
