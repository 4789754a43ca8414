/** So many at once; whoever comes later waits in line. */
export class Slots {
  private taken = 0;
  private readonly line: (() => void)[] = [];

  constructor(private readonly size: number) {}

  /** Without a promise there was a place at once. Each place is given back by `free`. */
  take(): Promise<void> | undefined {
    if (this.taken < this.size) {
      this.taken += 1;
      return undefined;
    }
    return new Promise((resolve) => this.line.push(resolve));
  }

  free(): void {
    const next = this.line.shift();
    if (next) next();
    else this.taken -= 1;
  }
}
