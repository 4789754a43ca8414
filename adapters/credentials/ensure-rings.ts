import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { generatePayloadRing, parsePayloadRing, serializePayloadRing, type PayloadRing } from '../payloads/payload-ring';
import { generateSealingRing, parseSealingRing, serializeSealingRing, type SealingRing } from './sealing-ring';

export interface Rings {
  sealing: SealingRing;
  payload: PayloadRing;
  /** For ROLLCALL_SEALING_KEYS_FILE and ROLLCALL_PAYLOAD_KEYS_FILE of whatever is started beside us. */
  files: { sealing: string; payload: string };
}

/** Both rings in a folder, made at first start and read ever after; only their owner may read them. Processes that start at once get the same ones. */
export async function ensureRings(folder: string): Promise<Rings> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = { sealing: join(folder, 'sealing-keys.json'), payload: join(folder, 'payload-keys.json') };
  return {
    sealing: parseSealingRing(await readOrMake(files.sealing, async () => serializeSealingRing(await generateSealingRing()))),
    payload: parsePayloadRing(await readOrMake(files.payload, async () => serializePayloadRing(generatePayloadRing()))),
    files,
  };
}

async function readOrMake(file: string, make: () => Promise<string>): Promise<string> {
  const there = contentsOf(file);
  if (there !== undefined) return there;
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, await make(), { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(draft, file); // whole or not at all, and never over another process's
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return readFileSync(file, 'utf8');
}

function contentsOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
