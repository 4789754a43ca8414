import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Agent, fetch } from 'undici';

interface Told {
  entra: Record<'origin' | 'adminOrigin' | 'caPath' | 'tenantId' | 'clientId' | 'clientSecret' | 'groupId', string>;
  lms: Record<'baseUrl' | 'token' | 'adminOrigin', string>;
}

test('npm run sandbox: a tenant that signs in and shows its group, an LMS that takes its token, and both gone on SIGTERM', async () => {
  const main = join(__dirname, '../../../dist/sandbox/main.js');
  const sandbox = spawn(process.execPath, [main, '--members', '20', '--plain', '--lms', 'lean'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(sandbox, 'exit');
  try {
    const [line] = (await once(createInterface({ input: sandbox.stdout }), 'line')) as [string];
    const { entra, lms } = JSON.parse(line) as Told;

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
    expect(((await members.json()) as { value: unknown[] }).value).toHaveLength(20);
    await dispatcher.close();

    const users = await fetch(`${lms.baseUrl}/Users`, { headers: { authorization: `Bearer ${lms.token}` } });
    expect(await users.json()).toMatchObject({ totalResults: 0 });
    for (const { adminOrigin } of [entra, lms]) expect((await fetch(`${adminOrigin}/counts`)).status).toBe(200);
  } finally {
    sandbox.kill('SIGTERM');
  }
  expect(await ended).toEqual([0, null]);
}, 60_000);
