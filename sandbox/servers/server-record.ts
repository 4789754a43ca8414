import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { identityOf, lives } from './process-identity';

/**
 * Lies beside a server's data: who it is and who started it. After a crash of ours the next start reads it to find a server that lived on,
 * and to give the next one the same ports.
 */
export interface ServerRecord {
  /** `<pid>@<start time>` of the server. */
  server: string;
  /** The same of the process that will stop it. */
  owner: string;
  port: number;
  uiPort?: number;
  codecEndpoint?: string;
}

export function readRecord(file: string): ServerRecord | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as ServerRecord;
  } catch {
    return undefined; // the machine stopped while it was written: then no server of ours lives either
  }
}

export function writeRecord(file: string, record: ServerRecord): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(record)}\n`);
  renameSync(`${file}.new`, file);
}

export function ourselves(): string {
  const identity = identityOf(process.pid);
  if (identity === undefined) throw new Error('this process cannot see itself: /proc or ps is missing');
  return identity;
}

/** Somebody else uses this server and will stop it. */
export function belongsToAnother(record: ServerRecord): boolean {
  return lives(record.owner);
}
