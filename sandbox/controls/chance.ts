/** Repeatable chance: the same seed gives the same numbers on every machine (mulberry32, public domain by Tommy Ettinger). */
export class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** At least 0, less than 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  happens(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }

  pick<T>(from: readonly T[]): T {
    if (from.length === 0) throw new RangeError('nothing to pick from');
    return from[this.below(from.length)] as T;
  }

  /** A whole number of 32 bits. */
  bits(): number {
    return Math.floor(this.next() * 0x100000000);
  }

  hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += eight(this.bits());
    return text.slice(0, digits);
  }

  /** In the form of a version 4 UUID. */
  uuid(): string {
    const [second, third] = [this.bits(), this.bits()];
    const middle = `${four(second >>> 16)}-${four((second & 0x0fff) | 0x4000)}-${four(((third >>> 16) & 0x3fff) | 0x8000)}`;
    return `${eight(this.bits())}-${middle}-${four(third & 0xffff)}${eight(this.bits())}`;
  }
}

const bytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const four = (number: number) => (bytes[number >>> 8] as string) + (bytes[number & 255] as string);
const eight = (number: number) => four(number >>> 16) + four(number & 0xffff);
