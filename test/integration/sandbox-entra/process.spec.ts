/** Entra as a process of its own, as the bench and `npm run sandbox` have it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Agent, request } from 'undici';

const main = join(__dirname, '..', '..', '..', 'dist', 'sandbox', 'entra', 'main.js');
const running: ChildProcess[] = [];
afterAll(() => running.forEach((child) => child.exitCode === null && child.kill('SIGKILL')));

interface Ready {
  origin: string;
  adminOrigin: string;
  caPath: string;
  tenantId: string;
  clientId: string;
  clientSecret: string;
  groupId: string;
}

async function start(...flags: string[]) {
  const child = spawn(process.execPath, [main, ...flags], { stdio: ['pipe', 'pipe', 'inherit'] });
  running.push(child);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const ready = JSON.parse(line) as Ready;
  return { child, ready, dispatcher: new Agent({ connect: { ca: readFileSync(ready.caPath) } }) };
}

async function membersOf({ ready, dispatcher }: Awaited<ReturnType<typeof start>>): Promise<string[]> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: ready.clientId,
    client_secret: ready.clientSecret,
    scope: `${ready.origin}/.default`,
  });
  const signedIn = await request(`${ready.origin}/${ready.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: form.toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    dispatcher,
  });
  const { access_token: token } = (await signedIn.body.json()) as { access_token: string };
  const answer = await request(`${ready.origin}/v1.0/groups/${ready.groupId}/members/microsoft.graph.user?$select=id&$top=999`, {
    headers: { authorization: `Bearer ${token}` },
    dispatcher,
  });
  return ((await answer.body.json()) as { value: { id: string }[] }).value.map(({ id }) => id);
}

test('keeps its people over a restart at the same port', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'entra-'));
  const first = await start('--members', '20', '--plain', '--keep-in', folder);
  const before = await membersOf(first);
  expect(before).toHaveLength(20);
  const left = await fetch(`${first.ready.adminOrigin}/leave`, { method: 'POST', body: JSON.stringify({ id: before[0] }) });
  expect(left.status).toBe(200);
  first.child.kill('SIGTERM');
  expect(await once(first.child, 'exit')).toEqual([0, null]);

  const { port } = new URL(first.ready.origin);
  const second = await start('--members', '20', '--plain', '--keep-in', folder, '--port', port);
  expect(second.ready).toMatchObject({ origin: first.ready.origin, tenantId: first.ready.tenantId, groupId: first.ready.groupId });
  expect((await membersOf(second)).sort()).toEqual(before.slice(1).sort());
  expect(existsSync(second.ready.caPath)).toBe(true);
});

test('takes all options as JSON, and goes when whoever started it has gone', async () => {
  const started = await start('--options', '{"population":{"size":3,"seed":1,"awkward":false}}', '--with-parent');
  expect(await membersOf(started)).toHaveLength(3);
  started.child.stdin?.end();
  expect(await once(started.child, 'exit')).toEqual([0, null]);
});

test('says what is wrong with a flag, and ends', async () => {
  const child = spawn(process.execPath, [main, '--members', 'many'], { stdio: ['ignore', 'ignore', 'pipe'] });
  running.push(child);
  const [[text], [code]] = await Promise.all([once(child.stderr, 'data'), once(child, 'exit')]);
  expect(String(text)).toContain('members');
  expect(code).toBe(1);
});
