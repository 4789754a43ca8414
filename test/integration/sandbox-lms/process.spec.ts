import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { transformFileSync } from '@swc/core';
import { ScimClient } from './scim-client';

interface Ready {
  kind: string;
  baseUrl: string;
  token: string;
  adminOrigin: string;
  pid: number;
}

const repository = join(__dirname, '../../..');

/** As `npm run build` would, but from what is there now, and only what the LMS consists of. */
function build(): string {
  const target = join(repository, 'node_modules/.cache/sandbox-lms-process');
  for (const folder of ['sandbox/lms', 'sandbox/controls']) {
    for (const file of readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    )) {
      const source = join(repository, folder, file);
      const { code } = transformFileSync(source, {
        swcrc: false,
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
      });
      const output = join(target, relative(repository, source)).replace(/\.ts$/, '.js');
      mkdirSync(dirname(output), { recursive: true });
      writeFileSync(output, code);
    }
  }
  return join(target, 'sandbox/lms/main.js');
}

describe('an LMS in a process of its own', () => {
  let main: string;
  const running: ChildProcess[] = [];
  beforeAll(() => {
    main = build();
  });
  afterAll(() => running.forEach((child) => child.exitCode === null && child.kill('SIGKILL')));

  async function start(...flags: string[]): Promise<{ child: ChildProcess; ready: Ready }> {
    const child = spawn(process.execPath, [main, ...flags], { stdio: ['pipe', 'pipe', 'inherit'] });
    running.push(child);
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    return { child, ready: JSON.parse(line) as Ready };
  }

  test.each(['scimmy', 'lean'])(
    '(%s) loses nothing that it answered when it is killed, and a torn last line does no harm',
    async (kind) => {
      const folder = mkdtempSync(join(tmpdir(), 'lms-'));
      const first = await start('--kind', kind, '--folder', folder, '--token', 'secret');
      const scim = new ScimClient(first.ready);
      const replies = await Promise.all(Array.from({ length: 20 }, (_, index) => scim.create({ userName: `u${index}` })));
      await scim.patch(replies[3]?.body.id ?? '', { op: 'replace', path: 'active', value: false });
      first.child.kill('SIGKILL');
      await once(first.child, 'exit');
      appendFileSync(join(folder, 'accounts.ndjson'), '{"schemas":["urn:ie');

      const port = new URL(first.ready.baseUrl).port;
      const second = await start('--kind', kind, '--folder', folder, '--token', 'secret', '--port', port);
      expect(second.ready).toMatchObject({ kind, baseUrl: first.ready.baseUrl, token: 'secret' });
      const { body } = await new ScimClient(second.ready).send('GET', '/Users?count=100');
      expect(body.Resources.map(({ id }) => id).sort()).toEqual(replies.map((reply) => reply.body.id).sort());
      expect(body.Resources.filter(({ active }) => active === false).map(({ userName }) => userName)).toEqual(['u3']);
      expect((await new ScimClient(second.ready).create({ userName: 'another' })).status).toBe(201);
      second.child.kill('SIGTERM');
      expect(await once(second.child, 'exit')).toEqual([0, null]);
    },
  );

  test('takes all options as JSON, and goes when whoever started it has gone', async () => {
    const { child, ready } = await start('--options', '{"awkward":{"noPatch":true}}', '--stop-with-stdin');
    expect((await new ScimClient(ready).send('GET', '/ServiceProviderConfig')).body).toMatchObject({ patch: { supported: false } });
    child.stdin?.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('says every fault of its options and ends', async () => {
    const child = spawn(process.execPath, [main, '--kind', 'moodle', '--port', '99999'], { stdio: ['ignore', 'ignore', 'pipe'] });
    running.push(child);
    const [[text], [code]] = await Promise.all([once(child.stderr, 'data'), once(child, 'exit')]);
    expect(String(text)).toMatch(/kind: .*port: /);
    expect(code).toBe(1);
  });
});
