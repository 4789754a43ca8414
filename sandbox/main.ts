import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEntra } from './entra/entra';
import { startLms } from './lms/lms';
import { wholeNumber } from './whole-number';

const usage = `An Entra tenant with Graph, and an LMS, on loopback: what a worker of yours can work with.
  npm run sandbox -- [--members 1200] [--seed 1] [--plain] [--lms scimmy|lean] [--keep-in FOLDER]
--plain leaves out what makes people awkward; --keep-in goes on next time from what was changed.
Once both listen, one line of JSON on stdout tells all that a client needs; what to set and try stands on stderr. Ends on Ctrl-C or SIGTERM.`;

async function main(): Promise<void> {
  const { values: flags } = parseArgs({
    options: {
      members: { type: 'string', default: '1200' },
      seed: { type: 'string', default: '1' },
      plain: { type: 'boolean', default: false },
      lms: { type: 'string', default: 'scimmy' },
      'keep-in': { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (flags.help) return void console.log(usage);
  const folder = flags['keep-in'];
  const population = { size: wholeNumber('members', flags.members), seed: wholeNumber('seed', flags.seed), awkward: !flags.plain };
  if (flags.lms !== 'scimmy' && flags.lms !== 'lean') throw new Error(`--lms expects scimmy or lean, not "${flags.lms}"`);
  const entra = await startEntra({ population, ...(folder && { keepIn: join(folder, 'entra') }) });
  const lms = await startLms({ kind: flags.lms, ...(folder && { folder: join(folder, 'lms') }) });

  const { origin, adminOrigin, caPath, tenantId, clientId, clientSecret, groupId } = entra;
  const { baseUrl, token } = lms;
  const told = {
    entra: { origin, adminOrigin, caPath, tenantId, clientId, clientSecret, groupId },
    lms: { baseUrl, token, adminOrigin: lms.adminOrigin },
  };
  process.stdout.write(`${JSON.stringify(told)}\n`);
  process.stderr.write(`${population.size} members in group ${groupId}. Ctrl-C ends both.
For the worker:
  export ROLLCALL_ENTRA_AUTHORITY=${origin} ROLLCALL_GRAPH_ORIGIN=${origin} ROLLCALL_ENTRA_CA_FILE=${caPath} ROLLCALL_TARGET_HOSTS=127.0.0.1
For rollcall sandbox …:
  export ROLLCALL_SANDBOX_ENTRA_ADMIN=${adminOrigin} ROLLCALL_SANDBOX_LMS_ADMIN=${lms.adminOrigin}
`);

  const stop = () => void Promise.all([entra.close(), lms.close()]).then(() => process.exit(0));
  process.once('SIGTERM', stop).once('SIGINT', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
