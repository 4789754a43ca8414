import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NamespaceNotFoundError, ServiceError, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { PayloadUnreadable } from '../../../adapters/payloads/payload-codec';
import { ownCodes } from '../../../client/command-failure';
import { connectRollcall } from '../../../client/rollcall-client';
import { connectionSettings } from '../../../client/settings';
import { toldFailure } from '../../../client/told-failure';
import { rollcall } from './console';

const refusal = (message: string, type: string, cause?: Error) =>
  new WorkflowUpdateFailedError('Workflow Update failed', ApplicationFailure.create({ message, type, nonRetryable: true, cause }));

describe('what a refused command says', () => {
  it('names each fault on a line of its own and ends with 1', async () => {
    const update = async () => {
      throw refusal('"reason" must say why; it is paused already', 'Refused');
    };
    const { exit, out, err } = await rollcall(['customer', 'pause', 'acme', '--reason', 'x'], { client: { update } });
    expect(exit).toBe(1);
    expect(out).toBe('');
    expect(err).toBe('Refused:\n  - "reason" must say why\n  - it is paused already\n');
  });

  it('shows every fault of a configuration with its path, as the worker listed them', () => {
    const cause = ApplicationFailure.create({
      type: 'ConfigurationFaulty',
      message: 'The configuration has faults. a; b',
      details: [
        {
          faults: [
            { path: 'directory.tenantId', message: 'expected a tenant; such as …' },
            { path: '', message: 'b' },
          ],
        },
      ],
    });
    const told = toldFailure(refusal('The configuration has faults. a; b', 'ConfigurationFaulty', cause));
    expect(told.faults).toEqual(['directory.tenantId: expected a tenant; such as …', 'b']);
    expect(told.remedy).toContain('Mend every fault');
    expect(told.exit).toBe(1);
  });

  it('says once what to do, also where the message says it already', () => {
    const told = toldFailure(
      refusal('The database did not answer. Check PostgreSQL; the run goes on by itself once it is back.', 'StoreUnavailable'),
    );
    expect(told).toMatchObject({ code: 'StoreUnavailable', remedy: undefined, exit: 1 });
  });

  it('says of an unknown customer where the known ones are listed', () => {
    const told = toldFailure(new WorkflowNotFoundError('gone', 'customer/acme', undefined));
    expect(told).toMatchObject({
      code: 'CustomerUnknown',
      faults: ['there is no customer acme'],
      remedy: 'Check the id: `rollcall customer list`.',
      exit: 1,
    });
  });

  it('ends with 3 and a remedy where Temporal, its namespace or a worker is not there', () => {
    const grpc = (code: number, details: string) => Object.assign(new Error(details), { code, details, metadata: {} });
    expect(toldFailure(new ServiceError('x', { cause: grpc(14, 'no connection') }))).toMatchObject({ code: 'Unreachable', exit: 3 });
    expect(toldFailure(new ServiceError('x', { cause: grpc(4, 'deadline') }))).toMatchObject({
      code: 'NoWorker',
      exit: 3,
      remedy: expect.stringMatching(/npm run worker.*or waits for a database that is down/),
    });
    expect(toldFailure(new ServiceError('x', { cause: grpc(16, 'no key') })).remedy).toContain('TEMPORAL_API_KEY');
    expect(toldFailure(new NamespaceNotFoundError('other'))).toMatchObject({ exit: 3, faults: ['Temporal has no namespace other'] });
  });

  it('says that the key ring is another one than the workers’, however deep that lies', () => {
    const told = toldFailure(new WorkflowUpdateFailedError('failed', new PayloadUnreadable('encrypted with key “b”')));
    expect(told).toMatchObject({ code: 'KeyRing', exit: 2, faults: ['encrypted with key “b”'] });
  });

  it('is one JSON object on stderr with --json, and stdout stays empty', async () => {
    const query = async () => {
      throw new WorkflowNotFoundError('gone', 'customer/acme', undefined);
    };
    const { exit, out, err } = await rollcall(['customer', 'show', 'acme', '--json'], { client: { query } });
    expect([exit, out]).toEqual([1, '']);
    expect(JSON.parse(err)).toEqual({
      error: { code: 'CustomerUnknown', faults: ['there is no customer acme'], remedy: expect.any(String) },
    });
  });

  it('has a code that docs/cli.md lists', () => {
    const documentation = readFileSync(join(__dirname, '../../../docs/cli.md'), 'utf8');
    const [, listed = ''] = /its `code` one of (.*)\./.exec(documentation) ?? [];
    expect([...listed.matchAll(/`(\w+)`/g)].map(([, code]) => code)).toEqual(ownCodes);
  });

  it('never lets a fault from elsewhere drive the terminal', async () => {
    const update = async () => {
      throw refusal('evil \u001b[2J name', 'Refused');
    };
    expect((await rollcall(['customer', 'resume', 'acme'], { client: { update } })).err).not.toContain('\u001b');
  });
});

describe('a command that was asked wrongly', () => {
  it.each([
    [['customer', 'pause', 'acme'], '--reason'],
    [['customer', 'show', 'Acme!'], 'lower-case letters'],
    [['customer', 'frobnicate'], 'unknown command'],
    [['credential', 'set', 'acme'], '--for'],
    [['credential', 'set', 'acme', '--for', 'moon'], 'directory, target'],
    [['changes', 'acme', '--limit', 'many'], 'whole number'],
    [['customer', 'add', 'acme', '--file', '/nonexistent.json'], 'ENOENT'],
    [['customer', 'holds', 'acme', '--release', 'all'], '--reason must say why'],
    [['customer', 'holds', 'acme', '--release', 'h1', '--expected', '1', '--reason', 'x'], '--expected goes with all'],
    [['customer', 'holds', 'acme', '--release', 'all', '--reject', 'all', '--reason', 'x'], 'two decisions'],
  ])('ends with 2 and says what was expected: rollcall %p', async (argv, says) => {
    const { exit, out, err } = await rollcall(argv);
    expect([exit, out]).toEqual([2, '']);
    expect(err).toContain(says);
  });

  it.each([
    [['customer', 'add', 'acme'], 'required option'],
    [['customer', 'show'], 'missing required argument'],
    [['customer', 'show', 'Acme!'], 'lower-case letters'],
    [['customer', 'frobnicate'], 'unknown command'],
    [['customer', 'shwo', 'acme'], '(Did you mean show?)'],
    [['customer', 'show', 'acme', '--frob'], 'unknown option'],
    [['customer'], 'a command is missing'],
    [[], 'a command is missing'],
  ])('is told in one line of JSON with --json, and nothing else is said: rollcall %p', async (argv, says) => {
    const { exit, out, err } = await rollcall([...argv, '--json']);
    expect([exit, out]).toEqual([2, '']);
    expect(err).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(err)).toEqual({
      error: { code: 'Usage', faults: [expect.stringContaining(says)], remedy: expect.stringContaining('--help') },
    });
  });

  it('shows the help for a noun without a verb, and ends with 2; with --help it ends with 0', async () => {
    expect((await rollcall(['customer'])).exit).toBe(2);
    const { exit, out } = await rollcall(['--help']);
    expect(exit).toBe(0);
    expect(out).toMatch(/Exit codes:\n +0 {2}done/);
    expect(out).toContain('Examples:');
  });

  it('says which settings are missing when there is no payload key', async () => {
    const { exit, err } = await rollcall(['customer', 'list'], { connect: connectRollcall });
    expect(exit).toBe(2);
    expect(err).toContain('ROLLCALL_PAYLOAD_KEYS_FILE');
  });
});

it('a temporal.toml that is none is told by its line, and no key that stands in it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-toml-'));
  const file = join(folder, 'temporal.toml');
  writeFileSync(file, '[profile.default]\napi_key = "can4ry-key"\naddress = oops\n');
  const connect = async (env: NodeJS.ProcessEnv) => connectionSettings(env) as never;
  const { exit, err } = await rollcall(['customer', 'list'], { env: { TEMPORAL_CONFIG_FILE: file }, connect });
  rmSync(folder, { recursive: true });
  expect({ exit, err }).toEqual({ exit: 2, err: expect.stringMatching(/can’t be read: .*line 3/) });
  expect(err).not.toContain('can4ry-key');
});
