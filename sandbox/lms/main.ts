import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startLms } from './lms';
import type { LmsOptions } from './options';

const usage = `An LMS as a process of its own.
  node dist/sandbox/lms/main.js [--kind scimmy|lean] [--port N] [--admin-port N] [--token T] [--folder F]
                                [--options '{"awkward":{…},"latency":{"write":20},…}' | --options @file.json] [--stop-with-stdin]
All options can come as JSON in ROLLCALL_SANDBOX_LMS too; flags go before it. Once ready, it prints one line of JSON:
  {"kind","baseUrl","token","adminOrigin","pid"}
It ends on SIGTERM or SIGINT and, with --stop-with-stdin, when whoever started it is gone.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      kind: { type: 'string' },
      port: { type: 'string' },
      'admin-port': { type: 'string' },
      token: { type: 'string' },
      folder: { type: 'string' },
      options: { type: 'string' },
      'stop-with-stdin': { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return void console.log(usage);
  const given = {
    kind: 'lean',
    ...jsonIn('ROLLCALL_SANDBOX_LMS', process.env.ROLLCALL_SANDBOX_LMS),
    ...jsonIn('--options', values.options?.startsWith('@') ? readFileSync(values.options.slice(1), 'utf8') : values.options),
    ...(values.kind !== undefined && { kind: values.kind }),
    ...(values.port !== undefined && { port: Number(values.port) }),
    ...(values['admin-port'] !== undefined && { adminPort: Number(values['admin-port']) }),
    ...(values.token !== undefined && { token: values.token }),
    ...(values.folder !== undefined && { folder: values.folder }),
  };
  const lms = await startLms(given as LmsOptions);
  const { kind, baseUrl, token, adminOrigin } = lms;
  process.stdout.write(`${JSON.stringify({ kind, baseUrl, token, adminOrigin, pid: process.pid })}\n`);

  const stop = () => void lms.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (values['stop-with-stdin']) process.stdin.once('end', stop).once('error', stop).resume();
}

function jsonIn(source: string, text: string | undefined): object {
  if (text === undefined || text.trim() === '') return {};
  try {
    return JSON.parse(text) as object;
  } catch {
    throw new Error(`${source} is not JSON`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
