/** What was opened, closed in the opposite order; what can't be closed is told and doesn't keep the rest from it. */
export class Closing {
  private readonly closes: (() => Promise<unknown>)[] = [];
  private isOver = false;

  constructor(private readonly say: (line: string) => void) {}

  /** Something that comes too late, because everything was closed while it was being opened, is closed at once. */
  async add<Thing>(thing: Thing, close: (thing: Thing) => Promise<unknown>): Promise<Thing> {
    this.closes.push(() => close(thing));
    if (this.isOver) {
      await this.close();
      throw new Error('everything was closed meanwhile');
    }
    return thing;
  }

  async close(): Promise<void> {
    this.isOver = true;
    for (const close of this.closes.splice(0).reverse())
      await close().catch((error: unknown) => this.say(`could not be stopped: ${error instanceof Error ? error.message : String(error)}`));
  }
}
