import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { UserResource } from './scim';

interface Deleted {
  deleted: string;
}

/**
 * Accounts in a folder, so that a second start goes on from where the first one stopped. One line per write in an append-only file, written before the
 * write is answered: a killed process loses nothing that a client knows of, at most it leaves a torn last line, which was never answered and is cut off.
 */
export class KeptAccounts {
  private readonly path: string;
  private file: number | undefined;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.path = join(folder, 'accounts.ndjson');
  }

  /** The accounts as the last process left them, oldest first. The file is written anew without what is outdated. */
  load(): UserResource[] {
    const accounts = new Map<string, UserResource>();
    this.lines().forEach((line, index) => {
      const entry = this.parse(line, index + 1);
      if ('meta' in entry) accounts.set(entry.id, entry);
      else accounts.delete(entry.deleted);
    });
    const kept = [...accounts.values()];
    const fresh = `${this.path}.new`;
    writeFileSync(fresh, kept.map((account) => `${JSON.stringify(account)}\n`).join(''));
    renameSync(fresh, this.path);
    this.file = openSync(this.path, 'a');
    return kept;
  }

  put(json: string): void {
    this.append(json);
  }

  remove(id: string): void {
    this.append(JSON.stringify({ deleted: id }));
  }

  clear(): void {
    if (this.file !== undefined) ftruncateSync(this.file);
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  private append(line: string): void {
    if (this.file === undefined) throw new Error(`${this.path} is not open`);
    writeSync(this.file, `${line}\n`);
  }

  private lines(): string[] {
    try {
      return readFileSync(this.path, 'utf8').split('\n').slice(0, -1); // whatever follows the last line's end was torn off
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  private parse(line: string, number: number): UserResource | Deleted {
    try {
      return JSON.parse(line) as UserResource | Deleted;
    } catch {
      throw new Error(`${this.path} is damaged in line ${number}. Remove the file (the LMS starts empty) or put it back from a copy.`);
    }
  }
}
