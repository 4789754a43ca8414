import { Failure } from '../domain/failure';
import type { Progress } from './long-step';

/** For a step's `catch`: where the directory asked for patience, waits as it asked; what it throws otherwise goes on. */
export async function waitWhileThrottled(error: unknown, { waitInPlace }: Pick<Progress, 'waitInPlace'>): Promise<void> {
  if (!(error instanceof Failure) || error.code !== 'DirectoryThrottled') throw error;
  await waitInPlace(error);
}
