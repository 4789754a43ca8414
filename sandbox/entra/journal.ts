import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PopulationOptions } from '../people/population';

export interface Identity {
  tenantId: string;
  clientId: string;
  clientSecret: string;
  groupId: string;
  certificate: string;
  privateKey: string;
  population: PopulationOptions;
  /** From when to when the client secret holds, ISO 8601. */
  secretStartsAt: string;
  secretExpiresAt: string;
}

export interface JournalEntry {
  at: string;
  name: string;
  asked: unknown;
}

/** A tenant on disk: who it is, and all that happened since its population was made. Replayed, it is the same tenant again. */
export class Journal {
  private readonly identityPath: string;
  private readonly path: string;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.identityPath = join(folder, 'tenant.json');
    this.path = join(folder, 'changes.ndjson');
  }

  async identity(make: () => Promise<Identity>): Promise<Identity> {
    const kept = existsSync(this.identityPath) ? (JSON.parse(readFileSync(this.identityPath, 'utf8')) as Partial<Identity>) : {};
    if (kept.secretExpiresAt !== undefined) return kept as Identity;
    // New, or kept when the secret's dates were not: those are made now, and stay.
    const whole = { ...(await make()), ...kept };
    writeFileSync(this.identityPath, JSON.stringify(whole), { mode: 0o600 });
    return whole;
  }

  /** A last line without its end was cut off by a crash: that change was never answered. */
  entries(): JournalEntry[] {
    if (!existsSync(this.path)) return [];
    const text = readFileSync(this.path, 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length < text.length) writeFileSync(this.path, whole);
    return whole
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as JournalEntry);
  }

  add(entry: JournalEntry): void {
    appendFileSync(this.path, `${JSON.stringify(entry)}\n`);
  }
}
