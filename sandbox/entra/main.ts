import { parseArgs } from 'node:util';
import { wholeNumber } from '../whole-number';
import { startEntra, type EntraOptions } from './entra';

/**
 * `node dist/sandbox/entra/main.js --members 1200 --seed 1 [--plain] [--port n] [--admin-port n] [--keep-in folder] [--options '{…EntraOptions}'] [--with-parent]`
 * Prints one line of JSON when it listens, with all that a client needs. `--with-parent`: ends when standard input does.
 */
async function main(): Promise<void> {
  const { values: flags } = parseArgs({
    options: {
      members: { type: 'string', default: '1200' },
      seed: { type: 'string', default: '1' },
      plain: { type: 'boolean', default: false },
      port: { type: 'string' },
      'admin-port': { type: 'string' },
      'keep-in': { type: 'string' },
      options: { type: 'string', default: process.env.ROLLCALL_SANDBOX_ENTRA ?? '{}' },
      'with-parent': { type: 'boolean', default: false },
    },
  });
  const options: EntraOptions = {
    population: { size: wholeNumber('members', flags.members), seed: wholeNumber('seed', flags.seed), awkward: !flags.plain },
    ...(flags.port === undefined ? {} : { port: wholeNumber('port', flags.port) }),
    ...(flags['admin-port'] === undefined ? {} : { adminPort: wholeNumber('admin-port', flags['admin-port']) }),
    ...(flags['keep-in'] === undefined ? {} : { keepIn: flags['keep-in'] }),
    ...(JSON.parse(flags.options) as EntraOptions),
  };
  const entra = await startEntra(options);
  const { origin, adminOrigin, caPath, tenantId, clientId, clientSecret, groupId } = entra;
  console.log(JSON.stringify({ origin, adminOrigin, caPath, tenantId, clientId, clientSecret, groupId }));
  const stop = () => void entra.close().then(() => process.exit(0));
  process.once('SIGTERM', stop).once('SIGINT', stop);
  if (flags['with-parent']) process.stdin.on('end', stop).on('error', stop).resume();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
