import { configured, credentialGiven, resumed, paused, tested } from '../../../domain/customer/decisions';
import { projectionOf, runsOf } from '../../../domain/customer/projection';
import { openItems } from '../../../domain/customer/state';
import { checklistOf, statusOf } from '../../../domain/customer/status';
import { acme, allWell, at, configuration, live, preview, ready, withCredentials } from './acme';

const open = (state: typeof acme) => openItems(state).map(([item]) => item);

describe('a customer’s checklist', () => {
  test('begins with set-up, for nothing is asked before it yet', () => {
    expect(acme.phase).toBe('setUp');
    expect(open(acme)).toEqual(['directoryCredential', 'targetCredential', 'membersReadable', 'targetWritable', 'previewSigned']);
  });

  test('is not ticked off by handing a credential over, only by proving it', () => {
    expect(open(withCredentials())).toContain('directoryCredential');
    expect(open(tested(withCredentials(), allWell, at(2)))).toEqual(['previewSigned']);
  });

  test('is un-ticked by a connection test that disproves an item, with what was seen and the remedy', () => {
    const refused = {
      ok: false,
      item: 'membersReadable',
      says: 'Graph refused.',
      remedy: 'Grant User.Read.All.',
      code: 'PermissionMissing',
    } as const;
    const state = tested(ready, [...allWell, refused], at(20));
    expect(open(state)).toEqual(['membersReadable']);
    expect(checklistOf(state)).toContainEqual(
      expect.objectContaining({
        item: 'membersReadable',
        done: false,
        remedy: 'Grant User.Read.All.',
        against: expect.objectContaining({ code: 'PermissionMissing', by: 'testConnection' }),
      }),
    );
  });

  test('stays ticked off while the other side only doesn’t answer, and is not ticked off by that either', () => {
    const silent = { ok: false, item: 'targetCredential', says: 'The LMS did not answer.', code: 'TargetUnavailable' } as const;
    const state = tested(ready, [silent], at(20));
    expect(open(state)).toEqual([]);
    expect(state.connection?.findings).toEqual([silent]);
    expect(open(tested(acme, [silent], at(20)))).toContain('targetCredential');
  });

  test('leaves alone what a connection test says nothing about', () => {
    expect(open(tested(ready, [], at(20)))).toEqual([]);
  });

  test('names the customer in the command that is to be copied', () => {
    expect(checklistOf(acme)[0]?.remedy).toContain('rollcall credential set acme --for directory');
  });
});

describe('a credential', () => {
  test('counts for the tenant and application that it was given for', () => {
    expect(projectionOf(withCredentials()).credentials).toEqual({ directory: 'd1', target: 't1' });
  });

  test.each([
    ['another tenant', { tenantId: 'other' }, { target: 't1' }, ['directoryCredential', 'membersReadable']],
    ['another application', { clientId: 'other' }, { target: 't1' }, ['directoryCredential', 'membersReadable']],
    ['another LMS', { targetOrigin: 'https://other.example' }, { directory: 'd1' }, ['targetCredential', 'targetWritable']],
    ['another group', { groupId: 'other' }, { directory: 'd1', target: 't1' }, ['membersReadable']],
    ['another name', { name: 'Acme Ltd' }, { directory: 'd1', target: 't1' }, []],
  ])('after a change to %s no longer counts for what changed, and the items reopen', (_title, change, counting, reopened) => {
    const state = configured(ready, { ...configuration, ...change, version: 2 });
    expect(projectionOf(state).credentials).toEqual(counting);
    expect(open(state)).toEqual(reopened);
  });

  test('of another tenant shows in the status as not counting', () => {
    const { credentials } = statusOf(configured(ready, { ...configuration, tenantId: 'other', version: 2 }));
    expect(credentials.directory).toMatchObject({ credentialId: 'd1', counts: false });
  });

  test('that is replaced has to be proven again, while syncs go on', () => {
    const state = credentialGiven(live, 'directory', { credentialId: 'd2', by: 'Jo', at: at(30) });
    expect(open(state)).toEqual(['directoryCredential']);
    expect(projectionOf(state)).toMatchObject({ runs: { allowed: true }, credentials: { directory: 'd2' } });
  });
});

describe('what runs go by', () => {
  test.each([
    ['before going live', ready, { allowed: false, because: 'NotLive' }],
    ['live', live, { allowed: true }],
    ['paused', paused(live, 'migration', 'Jo', at(7)), { allowed: false, because: 'Paused' }],
    [
      'live with a credential for another LMS',
      configured(live, { ...configuration, version: 2, targetOrigin: 'https://other.example' }),
      { allowed: false, because: 'CredentialMissing' },
    ],
    [
      'live with another group, which nobody has signed off',
      configured(live, { ...configuration, version: 2, rehearsalKey: 'second' }),
      { allowed: false, because: 'SignOffMissing' },
    ],
    ['live with another cadence', configured(live, { ...configuration, version: 2, everyMinutes: 15 }), { allowed: true }],
  ])('%s', (_title, state, runs) => {
    expect(runsOf(state)).toEqual(runs);
  });

  test('allows previews from set-up on, but not while paused', () => {
    expect(projectionOf(acme).previews).toBe(true);
    expect(projectionOf(paused(acme, 'wait', 'Jo', at(1))).previews).toBe(false);
  });

  test('forgets the signed preview once another one is needed', () => {
    expect(projectionOf(live).signedPreview).toBe(preview.runId);
    const state = configured(live, { ...configuration, version: 2, rehearsalKey: 'second' });
    expect(projectionOf(state)).not.toHaveProperty('signedPreview');
    expect(state.preview).toBeUndefined();
  });
});

test('resuming waits for the next success from then on', () => {
  const state = resumed({ ...paused(live, 'migration', 'Jo', at(7)), staleSince: at(100) }, at(500));
  expect(state).toMatchObject({ expectedSince: at(500) });
  expect(state).not.toHaveProperty('paused');
  expect(state).not.toHaveProperty('staleSince');
});
