import { BareSync, type BareOptions } from './bare-sync';

/** What the bench asks of the bare script's process, by the channel that `fork` opens. Runs of one name go on from each other. */
export interface BareRequest {
  name: string;
  options: BareOptions;
}
export type BareAnswer = { wallMs: number } | { error: string };

const syncs = new Map<string, BareSync>();

process.on('message', ({ name, options }: BareRequest) => {
  const sync = syncs.get(name) ?? new BareSync(options);
  syncs.set(name, sync);
  sync.run().then(
    (wallMs) => process.send?.({ wallMs } satisfies BareAnswer),
    (error: unknown) =>
      process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) } satisfies BareAnswer),
  );
});
process.once('disconnect', () => process.exit(0));
