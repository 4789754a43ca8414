/** `npm start` as a newcomer meets it, also when something is in its way. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UserResource } from '../../sandbox/lms/scim';

jest.setTimeout(300_000);

const main = join(__dirname, '..', '..', 'dist', 'sandbox', 'start', 'main.js');
const started: ChildProcess[] = [];
let folder: string;

beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'rollcall-start-'))));
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

interface Started {
  /** Once it has said this. */
  said(words: string): Promise<void>;
  /** What it said so far. */
  text(): string;
  interrupt(): void;
  /** Exit code, and all that it said. */
  end: Promise<{ code: number | null; text: string }>;
}

function start(...options: string[]): Started {
  const child = spawn(process.execPath, [main, ...options], { env: { ...process.env, ROLLCALL_FOLDER: folder } });
  started.push(child);
  let text = '';
  const waiting: { words: string; resolve: () => void; reject: (error: Error) => void }[] = [];
  const hear = (chunk: Buffer) => {
    text += chunk.toString('utf8');
    for (const { words, resolve } of waiting) if (text.includes(words)) resolve();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const end = new Promise<{ code: number | null; text: string }>((resolve) => {
    child.once('close', (code) => {
      for (const { words, reject } of waiting) reject(new Error(`it ended without “${words}”:\n${text}`));
      resolve({ code, text });
    });
  });
  return {
    said: (words) =>
      new Promise((resolve, reject) => {
        waiting.push({ words, resolve, reject });
        hear(Buffer.alloc(0));
      }),
    text: () => text,
    interrupt: () => void child.kill('SIGINT'),
    end,
  };
}

const kept = () => JSON.parse(readFileSync(join(folder, 'kept.json'), 'utf8')) as { lmsPort: number };
const lmsAdmin = () => (JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8')) as { sandbox: { lmsAdmin: string } }).sandbox.lmsAdmin;

test('interrupted while it starts, it takes everything down again, and says so by its exit code', async () => {
  const first = start();
  await first.said('PostgreSQL: started');
  first.interrupt();
  const { code, text } = await first.end;
  expect(text).toContain('Stopping …');
  expect(code).toBe(130);
  expect(existsSync(join(folder, 'npm-start.pid'))).toBe(false);
  expect(existsSync(join(folder, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
});

describe('once it runs', () => {
  let running: Started;

  beforeAll(async () => {
    running = start();
    await running.said('It keeps running');
  }, 200_000);

  test('a second one in the same folder is refused, and told where the first one is', async () => {
    const { code, text } = await start().end;
    expect(code).toBe(1);
    expect(text).toMatch(/npm start runs in \S+ already, as process \d+\. Use it .*stop it .*or give this one another folder/);
  });

  test('it says where the worker’s figures are: what was asked of Entra and the LMS, and what its runs came to', async () => {
    const [url = ''] = /http:\/\/127\.0\.0\.1:\d+\/metrics/.exec(running.text()) ?? [];
    const figures = (await (await fetch(url)).text()).split('\n');
    const figure = (name: string, ...labels: string[]) =>
      Number(
        figures
          .find((line) => line.startsWith(`${name}{`) && labels.every((label) => line.includes(label)))
          ?.split(' ')
          .at(-1),
      );
    expect(figure('rollcall_runs', 'mode="sync"')).toBeGreaterThanOrEqual(2);
    expect(figure('rollcall_requests', 'to="directory"')).toBeGreaterThan(0);
    expect(figure('rollcall_requests', 'to="target"', 'kind="write"')).toBeGreaterThanOrEqual(figure('rollcall_changes', 'kind="created"'));
    expect(figure('rollcall_changes', 'kind="created"')).toBeGreaterThan(1_000);
    expect(figures.join('\n')).not.toContain('northwind'); // no customer among the labels
  });

  test('somebody changes an account in the LMS itself, and the next unattended start finds it: it names the account and fails', async () => {
    const answer = await fetch(`${lmsAdmin()}/accounts`);
    const accounts = (await answer.text()).split('\n').flatMap((line) => (line ? [JSON.parse(line) as UserResource] : []));
    const one = accounts.find(({ externalId, active }) => externalId && active);
    const changed = await fetch(`${lmsAdmin()}/accounts?id=${encodeURIComponent(one?.id ?? '')}`, {
      method: 'PATCH',
      body: JSON.stringify({ title: 'Changed by hand' }),
    });
    expect(changed.status).toBe(200);
    running.interrupt();
    expect(await running.end).toMatchObject({ code: 0 });

    const { code, text } = await start('--once').end;
    expect(text).toMatch(/accounts agree, 1 differ;/);
    expect(text).toContain(`✗ ${one?.externalId}: title differs`);
    expect(code).toBe(1);
  });

  test('its LMS’s port is taken by somebody else: it says which, by whom to learn it, and how to start over', async () => {
    const { lmsPort } = kept();
    const squatter = createServer().listen(lmsPort, '127.0.0.1');
    try {
      const { code, text } = await start('--once').end;
      expect(code).toBe(1);
      expect(text).toContain(`Port ${lmsPort} on 127.0.0.1, where the LMS of this sandbox was at the last start`);
      expect(text).toContain('npm start -- --fresh');
    } finally {
      squatter.close();
    }
  });
});

test('an option that it doesn’t know is refused before anything is started', async () => {
  const { code, text } = await start('--onse').end;
  expect(code).toBe(2);
  expect(text).toContain('unknown: --onse');
});
