import { configured, paused } from '../../../domain/customer/decisions';
import type { UpdateName } from '../../../domain/customer/messages';
import { faultsOf, requests } from '../../../domain/customer/requests';
import { faultsOfStart } from '../../../domain/customer/start';
import { faultsOfReport } from '../../../domain/customer/told-report';
import { acme, at, audiences, configuration, live, preview, ready, report, sealedAs, withCredentials } from './acme';

const names = Object.keys(requests) as UpdateName[];

describe('every request', () => {
  test.each(names)('%s takes one JSON object and says so with an example', (name) => {
    for (const nothing of [undefined, null, 'text', 3, []])
      expect(faultsOf(name, acme, nothing)).toEqual([expect.stringContaining('one JSON object is expected, such as {')]);
  });

  test.each(names)('%s refuses keys that it does not know', (name) => {
    expect(faultsOf(name, live, { shout: true })).toContainEqual(expect.stringContaining('"shout" is not expected'));
  });

  test.each(names)('%s repeats nothing long that was pasted by mistake', (name) => {
    const secret = 'Zq8~'.repeat(30);
    expect(
      JSON.stringify(
        faultsOf(name, acme, { [secret]: secret, by: secret.repeat(9), reason: 3, sealed: secret, runId: secret, holds: secret }),
      ),
    ).not.toContain(secret);
  });
});

test('a configuration without one is refused with every fault at once', () => {
  expect(faultsOf('configure', acme, { configuration: 'acme.json', name: 'Acme' })).toEqual([
    '"name" is not expected (expected: configuration, by)',
    '"configuration" must be a JSON object',
    '"by" must say who asks',
  ]);
});

describe('a credential', () => {
  const state = { ...acme, sealing: { kids: ['k1'], knownSince: at(0) } };
  const faults = (given: object) => faultsOf('provideCredential', state, { purpose: 'directory', by: 'Jo', ...given });

  test('in the clear is refused, and not repeated', () => {
    const [fault] = faults({ sealed: 'Zq8~client-secret' });
    expect(fault).toMatch(/^"sealed": /);
    expect(fault).not.toContain('Zq8~client-secret');
  });

  test('that is missing is refused', () => {
    expect(faults({})).toEqual([expect.stringMatching(/^"sealed": /)]);
  });

  test('for an unknown purpose is refused by the purposes that there are', () => {
    expect(faultsOf('provideCredential', state, { purpose: 'lms', by: '', sealed: 'x' })).toEqual([
      '"purpose" must be "directory" or "target"',
      '"by" must say who hands it over',
      expect.stringMatching(/^"sealed": /),
    ]);
  });

  const binding = { customer: 'acme', purpose: 'directory', audience: audiences.directory };

  test.each(['k1', 'k2'])(
    'that is sealed for this customer and audience is taken, whether its key %s is known or to be asked for',
    (kid) => {
      expect(faults({ sealed: sealedAs(kid, binding) })).toEqual([]);
    },
  );

  test.each([
    ['another customer', { customer: 'globex' }],
    ['another purpose', { purpose: 'target' }],
    ['another tenant', { audience: 'elsewhere' }],
  ])('that is sealed for %s is refused', (_title, change) => {
    expect(faults({ sealed: sealedAs('k1', { ...binding, ...change }) })).toHaveLength(1);
  });
});

describe('going live', () => {
  test('is refused while anything is open, naming each with its remedy', () => {
    const faults = faultsOf('goLive', acme, { by: 'Jo' });
    expect(faults).toHaveLength(5);
    expect(faults).toContainEqual(
      expect.stringMatching(/^directoryCredential is open \(customer\): .*rollcall credential set acme --for directory/),
    );
    expect(faults).toContainEqual(expect.stringMatching(/^previewSigned is open .*Request a preview/));
  });

  test('is welcome when nothing is open', () => {
    expect(faultsOf('goLive', ready, { by: 'Jo' })).toEqual([]);
  });

  test('is refused while paused and when live already', () => {
    expect(faultsOf('goLive', paused(ready, 'wait', 'Jo', at(5)), { by: 'Jo' })).toEqual([expect.stringContaining('resume it first')]);
    expect(faultsOf('goLive', live, { by: 'Jo' })).toEqual([expect.stringContaining('live already')]);
  });
});

describe('signing a preview off', () => {
  test('names the right preview and its figures when another is given', () => {
    const unsigned = { ...ready, done: {}, signedPreview: undefined };
    expect(faultsOf('signOffPreview', unsigned, { runId: 'p0', by: 'Jo' })).toEqual([
      expect.stringMatching(
        /the preview to sign off is p1 \(1200 members: 1150 to create, 50 to link to accounts that are there\).*not p0/,
      ),
    ]);
    expect(faultsOf('signOffPreview', unsigned, { runId: preview.runId, by: 'Jo' })).toEqual([]);
  });

  test('asks for one when there is none', () => {
    expect(faultsOf('signOffPreview', acme, { runId: 'p1', by: 'Jo' })).toEqual([expect.stringContaining('requestPreview')]);
  });

  test('is refused a second time', () => {
    expect(faultsOf('signOffPreview', ready, { runId: 'p1', by: 'Jo' })).toEqual([expect.stringContaining('signed off already')]);
  });
});

describe('runs by hand', () => {
  test.each([
    ['before going live', ready, 'Finish the checklist'],
    ['while paused', paused(live, 'migration', 'Jo', at(7)), 'resume'],
    [
      'after a change that nobody has rehearsed',
      configured(live, { ...configuration, version: 2, rehearsalKey: 'second' }),
      'requestPreview',
    ],
    [
      'without the credential that counts',
      configured(live, { ...configuration, version: 2, targetOrigin: 'https://o.example' }),
      'rollcall credential set acme --for',
    ],
  ])('a sync is refused %s, with the remedy', (_title, state, remedy) => {
    expect(faultsOf('syncNow', state, {})).toEqual([expect.stringContaining(remedy)]);
  });

  test('a preview wants both credentials and no pause', () => {
    expect(faultsOf('requestPreview', acme, {})).toEqual([expect.stringContaining('directory and target is missing')]);
    expect(faultsOf('requestPreview', withCredentials(), { by: 'Jo' })).toEqual([]);
    expect(faultsOf('requestPreview', paused(withCredentials(), 'wait', 'Jo', at(2)), {})).toEqual([
      expect.stringContaining('resume it first'),
    ]);
  });
});

test('a decision about holds is refused with every fault at once', () => {
  expect(faultsOf('decideHolds', live, { decision: 'maybe', holds: [], by: ' ' })).toEqual([
    '"decision" must be "release" or "reject"',
    expect.stringContaining('"holds" must be "all" or a list'),
    '"by" must say who decides',
    '"reason" must say why',
  ]);
});

test.each([
  [{ holds: ['h1'], expected: 1 }, '"expected" goes with "holds":"all" alone'],
  [{ holds: 'all', expected: '6' }, '"expected" must be how many holds are open: a whole number'],
])('a count of holds that binds nothing is refused: %j', (argument, fault) => {
  expect(faultsOf('decideHolds', live, { decision: 'release', by: 'Jo', reason: 'closed', ...argument })).toEqual([fault]);
});

describe('a customer’s start', () => {
  test('is refused with every fault that can be seen', () => {
    expect(faultsOfStart({ customerId: 'Acme Ltd', state: {} }, 'customer/acme')).toEqual([
      '"state" is not expected (expected: customerId, configuration)',
      expect.stringContaining('"customerId" must be'),
      '"configuration" must be a JSON object',
    ]);
    expect(faultsOfStart({ customerId: 'acme', configuration: {} }, 'acme')).toEqual(['the workflow’s id must be customer/acme, not acme']);
    expect(faultsOfStart(undefined, 'customer/acme')).toEqual([expect.stringContaining('one JSON object')]);
  });
});

describe('a signal that says a run ended', () => {
  test('is heard when it is a report of this customer’s run', () => {
    expect(faultsOfReport(report({ runId: 'r1', outcome: 'failed', because: 'Unexpected', detail: 'boom' }), 'acme')).toEqual([]);
  });

  test.each([
    ['text', 'done'],
    ['another customer’s', report({ runId: 'r1', customerId: 'globex' })],
    ['one without figures', { ...report({ runId: 'r1' }), plan: {}, done: undefined }],
    ['one with an unknown cause', { ...report({ runId: 'r1' }), because: 'Bored' }],
  ])('is not heard when it is %s', (_title, told) => {
    expect(faultsOfReport(told, 'acme')).not.toEqual([]);
  });
});
