interface Closable {
  close(): Promise<unknown>;
}

/** One of it for all tests of a file, opened within `patience` milliseconds. */
export function forAllTests<Thing extends Closable>(open: () => Promise<Thing>, use: (opened: Thing) => void, patience: number): void {
  let thing: Thing | undefined;
  beforeAll(async () => use((thing = await open())), patience);
  afterAll(() => thing?.close());
}

/** One of it for each test of a file. */
export function forEachTest<Thing extends Closable>(open: () => Promise<Thing>, use: (opened: Thing) => void): void {
  let thing: Thing | undefined;
  beforeEach(async () => use((thing = await open())));
  afterEach(async () => {
    await thing?.close();
    thing = undefined;
  });
}
