import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Agent, fetch } from 'undici';

interface Told {
  entra: Record<'origin' | 'adminOrigin' | 'caPath' | 'tenantId' | 'clientId' | 'clientSecret' | 'groupId', string>;
  lms: Record<'baseUrl' | 'token' | 'adminOrigin', string>;
}

const main = join(__dirname, '../../../dist/sandbox/main.js');
const running: ChildProcess[] = [];
afterAll(() => running.forEach((child) => child.exitCode === null && child.kill('SIGKILL')));

async function start(...flags: string[]) {
  const sandbox = spawn(process.execPath, [main, '--members', '60', ...flags], { stdio: ['ignore', 'pipe', 'ignore'] });
  running.push(sandbox);
  const ended = once(sandbox, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const [line] = (await once(createInterface({ input: sandbox.stdout }), 'line')) as [string];
  const stop = () => {
    sandbox.kill('SIGTERM');
    return ended;
  };
  return { ...(JSON.parse(line) as Told), stop };
}

const accountsOf = async ({ lms }: Told) => {
  const users = await fetch(`${lms.baseUrl}/Users?count=200`, { headers: { authorization: `Bearer ${lms.token}` } });
  expect(users.status).toBe(200);
  return (await users.json()) as { totalResults: number; Resources: { id: string; userName: string }[] };
};

test('npm run sandbox: a tenant that signs in and shows its group, an LMS that takes its token, and both gone on SIGTERM', async () => {
  const { entra, lms, stop } = await start('--plain', '--lms', 'lean');
  const dispatcher = new Agent({ connect: { ca: readFileSync(entra.caPath, 'utf8') } });
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: entra.clientId,
    client_secret: entra.clientSecret,
    scope: `${entra.origin}/.default`,
  });
  const signedIn = await fetch(`${entra.origin}/${entra.tenantId}/oauth2/v2.0/token`, { method: 'POST', body, dispatcher });
  const { access_token } = (await signedIn.json()) as { access_token: string };
  const members = await fetch(`${entra.origin}/v1.0/groups/${entra.groupId}/members/microsoft.graph.user?$select=id`, {
    headers: { authorization: `Bearer ${access_token}` },
    dispatcher,
  });
  expect(((await members.json()) as { value: unknown[] }).value).toHaveLength(60);
  await dispatcher.close();

  expect(await accountsOf({ entra, lms })).toMatchObject({ totalResults: 0 });
  for (const { adminOrigin } of [entra, lms]) expect((await fetch(`${adminOrigin}/counts`)).status).toBe(200);
  expect(await stop()).toEqual([0, null]);
}, 60_000);

test.each(['scimmy', 'lean'])(
  'beside awkward people there are accounts in the LMS (%s) that somebody made by hand',
  async (kind) => {
    const { entra, lms, stop } = await start('--lms', kind);
    const { Resources } = await accountsOf({ entra, lms });
    expect(Resources.map(({ userName }) => userName)).toEqual(
      expect.arrayContaining(['lms.administrator', 'external.trainer1@academy.example', expect.stringContaining('@northwind.example')]),
    );
    await stop();
  },
  60_000,
);

test('--keep-in: after a restart everything is where it was, by the same token, and nobody is made by hand again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  const first = await start('--keep-in', folder);
  const before = await accountsOf(first);
  const [trainer] = before.Resources.filter(({ userName }) => userName.startsWith('external.trainer'));
  expect((await fetch(`${first.lms.adminOrigin}/accounts?id=${trainer?.id}`, { method: 'DELETE' })).status).toBe(200);
  await first.stop();

  const second = await start('--keep-in', folder);
  const { adminOrigin: _one, ...entra } = first.entra;
  const { adminOrigin: _other, ...lms } = first.lms;
  expect(second).toMatchObject({ entra, lms });
  expect(await accountsOf(second)).toMatchObject({ totalResults: before.totalResults - 1 });

  // The same folder once more: its addresses are taken, and the remedy is one of this command.
  const third = spawn(process.execPath, [main, '--keep-in', folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  running.push(third);
  const [[said], ended] = await Promise.all([once(third.stderr, 'data'), once(third, 'exit')]);
  expect(String(said)).toMatch(/Port \d+ on 127\.0\.0\.1, where Entra .* is taken\..*npm run sandbox -- --keep-in ANOTHER_FOLDER/);
  expect(ended).toEqual([1, null]);
  await second.stop();
}, 60_000);

test('--keep-in: where only the LMS’s address is taken, nothing is left running', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  const first = await start('--keep-in', folder);
  await first.stop();
  const squatter = createServer().listen(Number(new URL(first.lms.baseUrl).port), '127.0.0.1');
  await once(squatter, 'listening');
  const second = spawn(process.execPath, [main, '--keep-in', folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  running.push(second);
  const [[said], ended] = await Promise.all([once(second.stderr, 'data'), once(second, 'exit')]);
  expect(String(said)).toContain('where the LMS of this sandbox was');
  expect(ended).toEqual([1, null]);
  squatter.close();
}, 60_000);
