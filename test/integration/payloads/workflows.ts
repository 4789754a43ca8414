import { ApplicationFailure, proxyActivities, setCurrentDetails } from '@temporalio/workflow';

const { refuse } = proxyActivities<{ refuse(who: string): Promise<void> }>({
  startToCloseTimeout: '10s',
  retry: { maximumAttempts: 1 },
  summary: 'Canary summary',
});

/** Greets; fails with a name in its message when asked to, by an activity or by itself. */
export async function greet({ name, fails }: { name: string; fails?: 'activity' | 'workflow' }): Promise<string> {
  setCurrentDetails(`Greeting ${name}`);
  if (fails === 'activity') await refuse(name);
  if (fails === 'workflow')
    throw ApplicationFailure.create({ type: 'Refused', message: `No greeting for ${name}`, details: [{ name }], nonRetryable: true });
  return `Hello, ${name}`;
}
