import { configured, paused } from '../../../domain/customer/decisions';
import { customerDetails } from '../../../domain/customer/details';
import { nextStep } from '../../../domain/customer/next-step';
import { withRun } from '../../../domain/customer/run-history';
import { nothingDone } from '../../../domain/run/run';
import { acme, allWell, at, configuration, live, preview, ready, report, withCredentials } from './acme';
import { tested } from '../../../domain/customer/decisions';

const details = (state: typeof acme) => customerDetails(state, Date.parse(at(61)));
const provable = tested(withCredentials(), allWell, at(2));

describe('what to send next', () => {
  test.each([
    ['the credential that is missing', acme, { command: 'rollcall credential set acme --for directory' }],
    ['a connection test once both credentials are there', withCredentials(), { update: 'testConnection', argument: '{}' }],
    ['a preview once everything answers', provable, { update: 'requestPreview', argument: '{"by":"your name"}' }],
    [
      'the sign-off of the preview that there is',
      withRun(provable, preview),
      { update: 'signOffPreview', argument: '{"runId":"p1","by":"your name"}' },
    ],
    ['going live when nothing is open', ready, { update: 'goLive', argument: '{"by":"your name"}' }],
    ['nothing when all is well', withRun(live, report({ runId: 'r1' })), undefined],
    ['resuming, while paused', paused(live, 'migration', 'Jo', at(7)), { update: 'resume', argument: '{"by":"your name"}' }],
    [
      'a new preview after another group',
      configured(live, { ...configuration, version: 2, rehearsalKey: 'second' }),
      { update: 'requestPreview', argument: '{"by":"your name"}' },
    ],
    [
      'a new credential when the one that there is was refused, and not another test of it',
      withRun(live, report({ runId: 'r2', outcome: 'failed', because: 'SecretExpired' })),
      { command: 'rollcall credential set acme --for directory' },
    ],
  ])('is %s', (_title, state, step) => {
    expect(nextStep(state)).toEqual(step);
  });
});

describe('a customer’s details in the Temporal UI', () => {
  test('are headings and lists alone, whatever people write, for the UI runs table cells together', () => {
    const text = details(paused(live, 'two\nlines | with | bars', 'Jo', at(7)));
    for (const line of text.split('\n')) expect(line).toMatch(/^(- |### |$)/);
  });

  test('show the phase, every open item with its remedy, and the JSON to send', () => {
    expect(details(withCredentials())).toContain('**setUp**');
    expect(details(withCredentials())).toContain('**Open**: membersReadable is open (customer)');
    expect(details(withCredentials())).toContain('**Next**: update `testConnection` with `{}`');
  });

  test('show the last and the next run', () => {
    const text = details(withRun(live, report({ runId: 'r1', done: { ...nothingDone, created: 3 } })));
    expect(text).toContain('**Last run**: sync succeeded at 2026-11-24 09:12 UTC: 3 created (run `r1`)');
    expect(text).toMatch(/\*\*Next run\*\*: 2026-11-24 1[01]:.* UTC, every 60 minutes/);
  });

  test('show holds with the look-up before the decision, and not the JSON that releases all', () => {
    const text = details({ ...live, holds: 7 });
    expect(text).toContain(
      '**7 held**: look at them: Start Workflow of type `lookUp` on task queue `rollcall` with `{"customerId":"acme","what":"holds"}`',
    );
    expect(text).not.toContain('Nothing waits');
    expect(text).toContain('or `"holds":"all","expected":7`'); // about those that are shown, and no others
    expect(text).not.toContain('"decision":"release"');
  });

  test('say that nothing waits, and what can be sent at any time', () => {
    const text = details(withRun(live, report({ runId: 'r1' })));
    expect(text).toContain('Nothing waits for you.');
    expect(text).toContain('a pause: update `pause` with `{"reason":"why","by":"your name"}`');
  });

  test('say that a run is at work, and what a preview would change before it is signed off', () => {
    const started = { preview: { workflowId: 'sync/acme/preview', runId: 'p1', at: at(3) } };
    expect(details({ ...provable, started })).toContain('A preview was started at 2026-11-24 09:03 UTC: workflow `sync/acme/preview`');
    expect(details(withRun(provable, preview))).toContain('with `{"customerId":"acme","what":"changes","runId":"p1"}`');
  });

  test('show who paused and why, and no next run', () => {
    const text = details(paused(live, 'LMS migration', 'Jo', at(7)));
    expect(text).toContain('Paused since 2026-11-24 09:07 UTC by Jo: LMS migration');
    expect(text).not.toContain('Next run');
  });

  test('fit what Temporal takes, whatever people write', () => {
    const text = details(
      paused({ ...live, configuration: { ...configuration, name: '長'.repeat(9_000) } }, '長'.repeat(9_000), 'Jo', at(7)),
    );
    expect(Buffer.byteLength(text)).toBeLessThan(20_000);
  });
});
