import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { badRequest, GraphRefusal } from './graph-answer';

interface Place {
  /** Rows before the page. */
  offset: number;
  /** When the read began, ms since 1970. */
  began: number;
  /** Number of the page, from 1. */
  page: number;
  /** Of a kept list of ids, where the tenant keeps them. */
  snapshot?: number;
}

/** Next links that only the server can read. They expire; unless told otherwise they name a place in the list as it is when they are used. */
export class PageTokens {
  private readonly key = randomBytes(32);
  private readonly snapshots = new Map<number, readonly string[]>();
  private taken = 0;

  constructor(private readonly lifetimeMs: () => number) {}

  write(place: Place): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce);
    const sealed = Buffer.concat([cipher.update(JSON.stringify(place)), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** Throws the refusals of Graph for a token that is expired, or none of ours. */
  read(token: string): Place {
    const bytes = Buffer.from(token, 'base64url');
    let place: Place;
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, 12)).setAuthTag(bytes.subarray(12, 28));
      place = JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString()) as Place;
    } catch {
      throw badRequest('Invalid page token.');
    }
    if (Date.now() - place.began > this.lifetimeMs()) throw expiredPageToken();
    return place;
  }

  /** Remembers a list for the pages of one read, the last hundred of them. */
  keep(ids: readonly string[]): number {
    this.snapshots.set(++this.taken, [...ids]);
    this.snapshots.delete(this.taken - 100);
    return this.taken;
  }

  kept(snapshot: number): readonly string[] {
    const ids = this.snapshots.get(snapshot);
    if (!ids) throw expiredPageToken();
    return ids;
  }
}

export const expiredPageToken = () =>
  new GraphRefusal(
    400,
    'Directory_ExpiredPageToken',
    'The specified page token value has expired and can no longer be included in your request.',
  );
