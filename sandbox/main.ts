import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { addAccountsByHand } from './accounts-before-sync';
import { startEntra } from './entra/entra';
import { KeptAddresses } from './kept-addresses';
import { startLms } from './lms/lms';
import { wholeNumber } from './whole-number';

const usage = `An Entra tenant with Graph, and an LMS, on loopback: what a worker of yours can work with.
  npm run sandbox -- [--members 1200] [--seed 1] [--plain] [--lms scimmy|lean] [--keep-in FOLDER]
--plain leaves out what makes people awkward, and the accounts in the LMS that were made by hand.
--keep-in goes on next time from what was changed, at the same addresses and with the same token.
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
  const { lms: kind } = flags;
  if (kind !== 'scimmy' && kind !== 'lean') throw new Error(`--lms expects scimmy or lean, not "${kind}"`);
  const kept = folder ? await KeptAddresses.in(folder, 'npm run sandbox -- --keep-in ANOTHER_FOLDER') : undefined;
  const entraAt = (port?: number) => startEntra({ population, port, ...(folder && { keepIn: join(folder, 'entra') }) });
  const lmsAt = (port?: number, token?: string) => startLms({ kind, port, token, ...(folder && { folder: join(folder, 'lms') }) });
  const entra = await (kept ? kept.entra(entraAt) : entraAt());
  const lms = await (kept ? kept.lms(lmsAt) : lmsAt());
  addAccountsByHand(lms, entra.tenant.options);

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
  process.exit(1); // one of the two may be there already
});
