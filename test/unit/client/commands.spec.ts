import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RollcallClient } from '../../../client/rollcall-client';
import type { RunSight } from '../../../client/run-sight';
import type { RunReport } from '../../../domain/run/run';
import { report, status } from './acme';
import { rollcall } from './console';

/** A client that answers every update alike and remembers what it was asked. */
function answering(answer: object) {
  const asked: unknown[][] = [];
  const update = (async (...given: unknown[]) => {
    asked.push(given);
    return { status, ...answer };
  }) as RollcallClient['update'];
  return { asked, client: { update, query: (async () => status) as RollcallClient['query'] } };
}

describe('rollcall customer', () => {
  it('sends what was asked, in the name of the machine’s user unless --by names somebody', async () => {
    const { asked, client } = answering({});
    await rollcall(['customer', 'pause', 'acme', '--reason', 'LMS migration'], { client });
    await rollcall(['customer', 'go-live', 'acme', '--by', 'Ann'], { client });
    await rollcall(['customer', 'sign-off', 'acme', '--run-id', 'r'], { client });
    expect(asked).toEqual([
      ['acme', 'pause', { reason: 'LMS migration', by: 'jo' }],
      ['acme', 'goLive', { by: 'Ann' }],
      ['acme', 'signOffPreview', { runId: 'r', by: 'jo' }],
    ]);
  });

  it('names the command that comes next, not the update', async () => {
    const next = { update: 'signOffPreview', argument: '{"runId":"run-7","by":"your name"}' };
    const { client } = answering({ status: { ...status, next } });
    const { out } = await rollcall(['customer', 'resume', 'acme'], { client });
    expect(out).toContain('Next: rollcall customer sign-off acme --run-id run-7');
  });

  it('shows where a customer stands with its checklist, and both as JSON', async () => {
    const checklist = [
      {
        item: 'previewSigned',
        phase: 'setUp',
        asks: 'Somebody has looked',
        owner: 'customer',
        provenBy: 'signOffPreview',
        done: false,
        remedy: 'Request a preview.',
      },
    ];
    const query = (async (_id: string, name: string) => (name === 'status' ? status : checklist)) as RollcallClient['query'];
    const { out, exit } = await rollcall(['customer', 'show', 'acme'], { client: { query } });
    expect(exit).toBe(0);
    expect(out).toContain('Phase:');
    expect(out).toContain('✗ Somebody has looked (customer)\n    Request a preview.');
    const { out: json } = await rollcall(['--json', 'customer', 'show', 'acme'], { client: { query } });
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ status, checklist })));
  });

  it('refuses a faulty configuration before anything is sent, naming every fault with its path', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'rollcall-')), 'config.json');
    writeFileSync(file, JSON.stringify({ name: '', directory: { tenantId: 'x' } }));
    const startCustomer = jest.fn();
    const { exit, err } = await rollcall(['customer', 'add', 'acme', '--file', file], { client: { startCustomer } });
    expect(exit).toBe(1);
    expect(startCustomer).not.toHaveBeenCalled();
    expect(err).toMatch(/ConfigurationFaulty:\n( {2}- .+\n){3,}What to do: Mend every fault/);
    expect(err).toContain('- directory.tenantId: ');
  });

  it('ends with 1 when the connection test found something wrong, and says what to do about it', async () => {
    const findings = [
      { ok: true, item: 'directoryCredential', says: 'Entra signed us in' },
      { ok: false, item: 'membersReadable', says: 'The group is not there.', remedy: 'Check its Object ID.' },
    ];
    const { client } = answering({ status: { ...status, connection: { testedAt: 'now', findings } } });
    const { exit, out } = await rollcall(['customer', 'test-connection', 'acme'], { client });
    expect(exit).toBe(1);
    expect(out).toContain('✓ Entra signed us in\n✗ The group is not there.\n    Check its Object ID.');
  });

  it('decides about all holds or some', async () => {
    const { asked, client } = answering({ decided: 2, open: 1 });
    const { out } = await rollcall(['customer', 'holds', 'acme', '--release', 'h1', 'h2', '--reason', 'right so'], { client });
    expect(asked).toEqual([['acme', 'decideHolds', { decision: 'release', holds: ['h1', 'h2'], by: 'jo', reason: 'right so' }]]);
    expect(out).toContain('2 released, 1 still open.');
    await rollcall(['customer', 'holds', 'acme', '--reject', 'all', '--expected', '3', '--reason', 'no'], { client });
    expect(asked[1]).toEqual(['acme', 'decideHolds', { decision: 'reject', holds: 'all', expected: 3, by: 'jo', reason: 'no' }]);
  });

  it('says of how many holds something else was decided before', async () => {
    const { client } = answering({ decided: 2, open: 0, changed: 1 });
    const { out } = await rollcall(['customer', 'holds', 'acme', '--reject', 'h1', 'h2', '--reason', 'no'], { client });
    expect(out).toContain('2 rejected (1 decided otherwise before), 0 still open.');
  });
});

describe('rollcall customer sync --wait', () => {
  const run = { mode: 'sync', workflowId: 'sync/acme/manual', runId: 'run-1', alreadyRunning: false };
  async function* sights(...seen: RunSight[]) {
    yield* seen;
  }
  const waiting = (...seen: RunSight[]) => ({ ...answering({ run }).client, watchRun: () => sights(...seen) });
  const ending = (change: Partial<RunReport>): RunSight => ({ state: 'closed', status: 'COMPLETED', report: { ...report, ...change } });

  it('tells each step with rate and what is left on stderr, and the outcome on stdout', async () => {
    const client = waiting(
      { state: 'running', step: 'readDirectory', figures: { done: 999, perSecond: 400 } },
      { state: 'running', step: 'upsertAccounts', figures: { done: 300, left: 880, perSecond: 40 } },
      { state: 'running', step: 'upsertAccounts', figures: { done: 340, left: 840, perSecond: 40 } },
      ending({}),
    );
    const { exit, out, err } = await rollcall(['customer', 'sync', 'acme', '--wait'], { client });
    expect(exit).toBe(0);
    expect(err).toContain(
      'Reading members from Entra: 999 done · 400/s\nCreating and updating accounts: 300 done · 40/s · 880 left, about 22 s\n',
    );
    expect(err).not.toContain('340');
    expect(out).toMatch(/^sync succeeded after 1 min 5 s: 1180 created, 900 managers set or cleared\n/);
  });

  it('opens with the start, before any step is seen, and says nothing between two', async () => {
    const client = waiting({ state: 'running' }, { state: 'running', step: 'readDirectory' }, { state: 'running' }, ending({}));
    const { err } = await rollcall(['customer', 'sync', 'acme', '--wait'], { client });
    expect(err).toMatch(/Starting\nReading members from Entra\n$/);
  });

  it('says why a step is being tried again', async () => {
    const client = waiting({ state: 'running', step: 'upsertAccounts', attempt: 3, failure: 'The LMS did not answer.' }, ending({}));
    expect((await rollcall(['customer', 'sync', 'acme', '--wait'], { client })).err).toContain(
      '(attempt 3; before: The LMS did not answer.)',
    );
  });

  it.each<[Partial<RunReport>, number]>([
    [{ outcome: 'succeeded' }, 0],
    [{ outcome: 'failed', because: 'SecretExpired' }, 4],
    [{ outcome: 'skipped', because: 'LeaseHeld' }, 4],
    [{ outcome: 'cancelled', because: 'Cancelled' }, 4],
    [{ outcome: 'held' }, 5],
    [{ done: { ...report.done, failed: 2 } }, 5],
  ])('ends with a code that tells how the run ended: %j → %i', async (change, exit) => {
    expect((await rollcall(['customer', 'sync', 'acme', '--wait'], { client: waiting(ending(change)) })).exit).toBe(exit);
  });

  it('says why a run failed: the code, the cause in its own words, once, and what to do', async () => {
    const detail = 'The LMS did not accept our credential. The LMS answered HTTP 401: expired';
    const failed = ending({ outcome: 'failed', because: 'TargetCredentialRejected', detail });
    const { out } = await rollcall(['customer', 'sync', 'acme', '--wait'], { client: waiting(failed) });
    expect(out).toContain(
      `sync failed after 1 min 5 s: TargetCredentialRejected: ${detail}\n` +
        'What to do: Make a new token in the LMS and hand it over: `rollcall credential set acme --for target`.\n',
    );
  });

  it('ends with 4 where the run was terminated and left no report', async () => {
    const { exit, err } = await rollcall(['customer', 'sync', 'acme', '--wait'], {
      client: waiting({ state: 'closed', status: 'TERMINATED' }),
    });
    expect(exit).toBe(4);
    expect(err).toContain('ended as TERMINATED');
  });

  it('gives report and status as JSON', async () => {
    const { out } = await rollcall(['customer', 'sync', 'acme', '--wait', '--json'], { client: waiting(ending({})) });
    expect(JSON.parse(out)).toMatchObject({ run, report, status: { customerId: 'acme' } });
  });
});

describe('lists', () => {
  const rows = Array.from({ length: 3 }, (_, at) => ({
    memberId: `m${at}`,
    userName: `person.number.${at}@contoso.example`,
    code: 'MailMissing',
    says: 'There is no mail address to make a user name of.',
    remedy: 'Give the person a mail address in Entra.',
    runId: 'r',
  }));
  const paging = () => {
    const asked: unknown[] = [];
    const lookUp = (async (request: { cursor?: string }) => {
      asked.push(request);
      return request.cursor === undefined ? { rows: rows.slice(0, 2), next: 'c1' } : { rows: rows.slice(2), next: 'c2' };
    }) as unknown as RollcallClient['lookUp'];
    return { asked, client: { lookUp } };
  };

  it('turns pages until there are enough rows, and says where to go on', async () => {
    const { asked, client } = paging();
    const { out } = await rollcall(['problems', 'acme', '--limit', '3', '--json'], { client });
    expect(JSON.parse(out)).toEqual({ rows, next: 'c2' });
    expect(asked).toEqual([
      { what: 'problems', customerId: 'acme', cursor: undefined, limit: 3 },
      { what: 'problems', customerId: 'acme', cursor: 'c1', limit: 1 },
    ]);
  });

  it('goes on with the holds where the list before ended', async () => {
    const asked: unknown[] = [];
    const lookUp = (async (request: object) => {
      asked.push(request);
      return { rows: [{ holdId: 'h3', kind: 'deactivate', memberId: 'm', says: 'why', state: 'open' }], next: 'c3' };
    }) as unknown as RollcallClient['lookUp'];
    const { err } = await rollcall(['customer', 'holds', 'acme', '--limit', '1', '--cursor', 'c2'], { client: { lookUp } });
    expect(asked).toEqual([expect.objectContaining({ what: 'holds', cursor: 'c2' })]);
    expect(err).toBe("There are more: --cursor 'c3', or a larger --limit.\n");
  });

  it.each([
    ['says how to decide while one waits', ['rejected', 'open'], true],
    ['says nothing of deciding when all are decided', ['rejected', 'released'], false],
  ])('of holds %s', async (_what, states, says) => {
    const rows = states.map((state) => ({ holdId: state, kind: 'deactivate', memberId: 'm', says: 'why', state, decidedBy: 'jo' }));
    const lookUp = (async () => ({ rows })) as unknown as RollcallClient['lookUp'];
    const { out } = await rollcall(['customer', 'holds', 'acme'], { client: { lookUp } });
    expect(out).toContain('rejected (jo');
    expect(out.includes('Decide: ')).toBe(says);
  });

  it('cuts nothing off in a pipe, wraps in a terminal, and gives each row lines of its own in a narrow one', async () => {
    const draw = (terminal?: number) => rollcall(['problems', 'acme', '--limit', '3'], { ...paging(), terminal, env: { NO_COLOR: '1' } });
    const piped = (await draw()).out;
    expect(piped.split('\n')[1]).toContain('person.number.0@contoso.example  MailMissing');
    const wide = (await draw(90)).out;
    for (const line of wide.split('\n')) expect(line.length).toBeLessThanOrEqual(90);
    const narrow = (await draw(30)).out;
    expect(narrow).toContain('Person: person.number.0@contoso.example\nProblem: MailMissing');
  });

  it('is coloured in a terminal, and never with NO_COLOR or in a pipe', async () => {
    const draw = (terminal: number | undefined, env: NodeJS.ProcessEnv) => rollcall(['problems', 'acme'], { ...paging(), terminal, env });
    expect((await draw(200, {})).out).toContain('\u001b[1m');
    expect((await draw(200, { NO_COLOR: '1' })).out).not.toContain('\u001b');
    expect((await draw(undefined, {})).out).not.toContain('\u001b');
  });

  it('shows what a change changed', async () => {
    const change = {
      runId: 'r',
      stage: 'upsert',
      position: 1,
      kind: 'update',
      memberId: 'm',
      userName: 'jo',
      attempts: 1,
      before: { displayName: 'Jo', active: true },
      after: { displayName: 'Joe', active: true, title: 'Head' },
    };
    const lookUp = (async () => ({ rows: [change] })) as unknown as RollcallClient['lookUp'];
    expect((await rollcall(['changes', 'acme'], { client: { lookUp } })).out).toContain('displayName: Jo → Joe, title: → Head');
  });

  it('lists customers with phase and health', async () => {
    const customers = async () => [
      { customerId: 'acme', phase: 'live', health: 'healthy', holds: 0, lastSuccessAt: '2026-11-24T08:00:03.123Z' },
    ];
    const { out } = await rollcall(['customer', 'list'], { client: { customers } });
    expect(out).toMatch(/^Customer {2}Phase {2}Health {3}Last success\nacme {6}live {3}healthy {2}2026-11-24 08:00:03Z\n$/);
  });
});
