import type { PayloadRing } from '../adapters/payloads/payload-ring';
import { syncTaskQueue, taskQueue } from '../domain/workflow-ids';
import { examineEngine } from './doctor-engine';
import { examineCodec, examineWorker } from './doctor-http';
import { sealingKey } from './sealing-key';
import type { Session } from './session';
import { connectionSettings, payloadRing } from './settings';
import { toldFailure } from './told-failure';

/** `unknown`: it could not be looked at, for want of a part before it or because it need not be there. */
export interface Finding {
  part: string;
  is: 'well' | 'ill' | 'unknown';
  says: string;
  remedy?: string;
}

/** Every part in the order in which one needs the other, as each becomes known. */
export async function* examine(session: Session): AsyncIterable<Finding> {
  const { env, fetch } = session.surroundings;
  const { finding: ringFinding, value: ring } = await looked('payload keys', async (): Promise<[string, PayloadRing]> => {
    const found = payloadRing(env);
    return [`${found.keys.length === 1 ? 'one key' : `${found.keys.length} keys`}, in use: ${found.keys[0].kid}`, found];
  });
  yield ringFinding;

  const { finding: settingsFinding, value: settings } = await looked('settings', async () => {
    const found = connectionSettings(env);
    return [`Temporal at ${found.address}, namespace ${found.namespace} (from ${found.from})`, found] as const;
  });
  yield settingsFinding;

  const engine = settings && examineEngine(settings, [taskQueue, syncTaskQueue]);
  let isUp = engine !== undefined;
  if (engine)
    for await (const finding of engine) {
      isUp &&= finding.is !== 'ill';
      yield finding;
    }

  yield await examineWorker(env, fetch);
  yield await examineCodec(env, fetch, ring);

  // Last, for it needs all of them: a question to a workflow, answered by a worker from its database and keys, encrypted with the same ring.
  if (!ring || !isUp) yield { part: 'a question', is: 'unknown', says: 'not asked: what it needs is not there' };
  else {
    const { finding } = await looked(
      'a question',
      async () => [`the workers answer; credentials are sealed to ${(await sealingKey(session)).fingerprint}`, true] as const,
    );
    yield finding;
  }
}

/** What a look says when it succeeds; a failure is a finding with its remedy. */
export async function looked<T>(part: string, look: () => Promise<readonly [string, T]>): Promise<{ finding: Finding; value?: T }> {
  try {
    const [says, value] = await look();
    return { finding: { part, is: 'well', says }, value };
  } catch (error) {
    const { faults, remedy } = toldFailure(error);
    return { finding: { part, is: 'ill', says: faults.join('; '), remedy } };
  }
}
