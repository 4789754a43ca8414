import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { startEntra } from '../../../sandbox/entra/entra';
import { startLms } from '../../../sandbox/lms/lms';
import { addCustomer, startWorld, type Entra, type Lms, type World } from '../sync/world';

jest.setTimeout(120_000);

const command = join(__dirname, '../../../dist/client/rollcall.js');
/** A worker or codec server that runs on this machine’s usual ports is not ours to ask. */
const elsewhere = { ROLLCALL_HEALTH_PORT: 'off', ROLLCALL_CODEC_PORT: '1' };
const secret = 'c0rrect-h0rse~battery';

let world: World;
let entra: Entra;
let lms: Lms;
let acme: Awaited<ReturnType<typeof addCustomer>>;
beforeAll(async () => {
  [world, entra, lms] = await Promise.all([
    startWorld(),
    startEntra({ population: { size: 30, seed: 7, awkward: false } }),
    startLms({ kind: 'lean' }),
  ]);
  acme = await addCustomer(world, 'acme', entra, lms);
}, 600_000);
afterAll(() => Promise.all([world?.close(), entra?.close(), lms?.close()]));

/** The built command at a real terminal (`script`, util-linux, with the terminal's echo on); `keys` are typed when it asks. */
async function atTerminal(line: string, keys = '', env: NodeJS.ProcessEnv = {}): Promise<{ seen: string; exit: number | null }> {
  const child = spawn(
    'script',
    ['-qe', '-E', 'always', '-c', `"${process.execPath}" "${command}" ${line}; code=$?; stty -a; exit $code`, '/dev/null'],
    {
      env: { ...process.env, ...world.env, ROLLCALL_FOLDER: '/nonexistent', ...elsewhere, NO_COLOR: '', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  let seen = '';
  let isTyped = keys === '';
  child.stdout.on('data', (chunk: Buffer) => {
    seen += chunk.toString('utf8');
    if (isTyped || !seen.includes('it is not shown')) return;
    isTyped = true;
    child.stdin.write(keys);
  });
  const exit = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { seen, exit };
}

test('what is typed at the hidden prompt is nowhere on the terminal, corrections included, and arrives', async () => {
  const { seen, exit } = await atTerminal('credential set acme --for directory --by Jo', `wrong\u0015${secret}x\u007f\r`);
  expect(exit).toBe(0);
  expect(seen).toContain('fingerprint');
  expect(seen).toContain('Next: rollcall credential set acme --for target');
  for (const typed of ['wrong', secret, secret.slice(0, 6)]) expect(seen).not.toContain(typed);
  expect(seen).toMatch(/ echo /); // the terminal is as it was
  expect((await acme.status()).credentials.directory).toMatchObject({ by: 'Jo', counts: true });
});

test('Ctrl-C at the hidden prompt sends nothing, ends with 130 and leaves the terminal as it was', async () => {
  const before = (await acme.status()).credentials;
  const { seen, exit } = await atTerminal('credential set acme --for target', `${secret}\u0003`);
  expect(exit).toBe(130);
  expect(seen).not.toContain(secret);
  expect(seen).toMatch(/ echo /);
  expect((await acme.status()).credentials).toEqual(before);
});

test('colours are for terminals alone, and NO_COLOR takes them away', async () => {
  const colour = /\u001b\[3[0-9]m/;
  expect((await atTerminal('customer show acme')).seen).toMatch(colour);
  expect((await atTerminal('customer show acme', '', { NO_COLOR: '1' })).seen).not.toMatch(colour);
});

test('doctor says of each part whether it answers, ends with 0 when all do, and with 3 and a remedy when one doesn’t', async () => {
  const well = await atTerminal('doctor');
  expect(well.seen).toContain('search attributes');
  expect(well.seen).toContain('the workers answer');
  expect(well.exit).toBe(0);
  const ill = await atTerminal('doctor', '', { TEMPORAL_ADDRESS: '127.0.0.1:1' });
  expect(ill.seen).toMatch(/Temporal doesn’t answer at 127\.0\.0\.1:1/);
  expect(ill.seen).toContain('npm start brings one up');
  expect(ill.exit).toBe(3);
});
