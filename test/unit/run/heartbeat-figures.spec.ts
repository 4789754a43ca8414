/** What operators see of a long step while it runs: how far it is, how fast, and what is left. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { longStep } from '../../../activities/long-step';
import { Failure } from '../../../domain/failure';

/** What the last heartbeat shows of a step that came so far; `at`: seconds of the step's clock. */
async function shown(reports: readonly { at: number; done: number; left?: number }[]): Promise<unknown> {
  let seconds = 0;
  let figures: unknown;
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  environment.on('heartbeat', (details: { figures?: unknown }) => (figures = details.figures));
  const step = () =>
    longStep(
      () => seconds * 1_000,
      async ({ report }) => {
        for (const { at, ...counted } of reports) {
          seconds = at;
          report(counted);
        }
        throw new Failure('StoreUnavailable'); // which beats once more
      },
    );
  await expect(environment.run(step)).rejects.toBeInstanceOf(Failure);
  return figures;
}

const accountsRead = [
  { at: 0, done: 0, left: 1_000 },
  { at: 10, done: 1_000, left: 0 },
];

test('the rate is of all that this attempt got through', async () => {
  expect(await shown(accountsRead)).toEqual({ done: 1_000, left: 0, perSecond: 100 });
});

test('the rate begins anew where the step goes over to counting something else', async () => {
  const leaversConfirmed = [...accountsRead, { at: 12, done: 76, left: 114 }, { at: 14, done: 152, left: 38 }];
  expect(await shown(leaversConfirmed)).toEqual({ done: 152, left: 38, perSecond: 38 });
});
