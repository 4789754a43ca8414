import { parseConfiguration } from '../../domain/configuration/configuration-schema';
import { CommandFailure } from '../command-failure';
import { exitCodes } from '../exit-codes';
import { rowsOf } from '../rows';
import type { Session } from '../session';
import { timeWords } from '../words';

/** As many versions as anybody would look through. */
const enough = 1_000;

/** On stdout the configuration alone, so that it can be kept in a file, changed, and handed to `configure`. */
export async function showConfiguration(
  session: Session,
  customerId: string,
  { version, history }: { version?: number; history?: true },
): Promise<void> {
  const { output } = session;
  if (history) {
    const { rows } = await rowsOf(session, { what: 'configurations', customerId }, enough);
    return output.data(rows, () =>
      output.table(rows, [
        { head: 'Version', of: (row) => row.version, align: 'right' },
        { head: 'Accepted', of: (row) => timeWords(row.acceptedAt) },
        { head: 'By', of: (row) => row.acceptedBy },
      ]),
    );
  }
  const cursor = version === undefined ? undefined : String(version + 1);
  const { rows } = await rowsOf(session, { what: 'configurations', customerId, cursor }, 1);
  const [found] = rows;
  if (!found || (version !== undefined && found.version !== version)) {
    throw new CommandFailure({
      code: 'Refused',
      faults: [
        version === undefined ? `no configuration of ${customerId} counts yet` : `${customerId} has no configuration of version ${version}`,
      ],
      remedy: version === undefined ? `rollcall customer show ${customerId}` : `rollcall customer configuration ${customerId} --history`,
      exit: exitCodes.refused,
    });
  }
  output.note(`Version ${found.version}, accepted ${timeWords(found.acceptedAt)} (${found.acceptedBy}).`);
  const configuration = inOrder(found.configuration);
  output.data(configuration, () => JSON.stringify(configuration, undefined, 2));
}

/** The store gives keys in an order of its own; the schema has them as the documentation does. */
function inOrder(configuration: object): object {
  const parsed = parseConfiguration(configuration);
  return 'faults' in parsed ? configuration : parsed.configuration; // an older one may not be accepted any more
}
