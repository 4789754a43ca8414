import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './servers/free-port';

/** What must be the same at the next start: addresses that stand in the customer's configuration, and the token that was sealed. */
interface Kept {
  lmsPort: number;
  lmsToken: string;
  entraPort: number;
}

/** Where Entra and the LMS of one folder listen, at this start and at every later one. */
export class KeptAddresses {
  private constructor(
    private readonly file: string,
    private readonly kept: Kept,
    private readonly startOver: string,
  ) {}

  /** `startOver`: the command that begins anew, with other ports. */
  static async in(folder: string, startOver: string): Promise<KeptAddresses> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, 'kept.json');
    return new KeptAddresses(file, read(file, startOver) ?? (await make(file)), startOver);
  }

  entra<Thing>(start: (port: number) => Promise<Thing>): Promise<Thing> {
    return this.at('Entra', this.kept.entraPort, start);
  }

  lms<Thing>(start: (port: number, token: string) => Promise<Thing>): Promise<Thing> {
    return this.at('the LMS', this.kept.lmsPort, (port) => start(port, this.kept.lmsToken));
  }

  /** A port that stands in the customer's configuration can't be exchanged for another one. */
  private async at<Thing>(what: string, port: number, start: (port: number) => Promise<Thing>): Promise<Thing> {
    try {
      return await start(port);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      throw new Error(
        `Port ${port} on 127.0.0.1, where ${what} of this sandbox was at the last start (${this.file}), is taken. ` +
          `Stop what listens there (\`ss -ltnp 'sport = :${port}'\` names it), or start over with other ports: ${this.startOver}.`,
        { cause: error },
      );
    }
  }
}

function read(file: string, startOver: string): Kept | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${file} can’t be read. Start over: ${startOver}.`, { cause: error });
  }
}

async function make(file: string): Promise<Kept> {
  const kept = { lmsPort: await freePort(), entraPort: await freePort(), lmsToken: `lms-${crypto.randomUUID()}` };
  writeFileSync(file, JSON.stringify(kept), { mode: 0o600 });
  return kept;
}
