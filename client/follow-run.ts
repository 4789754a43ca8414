import { SingleBar } from 'cli-progress';
import type { RunReport } from '../domain/run/run';
import { CommandFailure } from './command-failure';
import { exitCodes, type ExitCode } from './exit-codes';
import { figuresLine, stepWords, type Running, type RunSight, type WatchedRun } from './run-sight';
import type { Session } from './session';

/** Without a terminal a line is written when the step changes, and every so often (ms). */
const lineEvery = 15_000;

/** Shows a run's progress until its end, and answers its report. Throws where it came to an end that left none. */
export async function followRun(session: Session, run: WatchedRun & { customerId: string }): Promise<RunReport> {
  const { surroundings, output } = session;
  const show = output.isWatched
    ? bar(output.progressStream)
    : lines(
        (line) => output.note(line),
        () => surroundings.now(),
      );
  let step: string | undefined; // between two of them, the one that was
  try {
    for await (const sight of (await session.client()).watchRun(run, surroundings.interrupted)) {
      if (sight.state === 'running') show.at({ ...sight, step: (step = sight.step ?? step) });
      else if (sight.report) return sight.report;
      else throw endedWithoutReport(run, sight);
    }
  } catch (error) {
    if (surroundings.interrupted?.aborted) throw interrupted(run.customerId);
    throw error;
  } finally {
    show.stop();
  }
  throw new Error(`nothing more is seen of run ${run.runId}`);
}

export function exitOf({ outcome, done }: RunReport): ExitCode {
  if (outcome === 'failed' || outcome === 'cancelled' || outcome === 'skipped') return exitCodes.runFailed;
  return outcome === 'held' || done.failed > 0 ? exitCodes.runIncomplete : exitCodes.done;
}

/** One line about a moment of a run. */
export function sightWords({ step, figures, attempt = 1, failure, isPaused }: Running): string {
  if (isPaused) return 'Paused by hand in Temporal; it goes on once somebody unpauses its workflow there';
  const said = figures ? figuresLine(figures) : '';
  return [stepWords(step), said && `: ${said}`, failure && ` (attempt ${attempt}; before: ${failure})`].filter(Boolean).join('');
}

function bar(stream: NodeJS.WritableStream): { at(sight: Running): void; stop(): void } {
  let seen: Running = { state: 'running' };
  const drawn = new SingleBar({
    stream,
    hideCursor: false,
    clearOnComplete: true,
    emptyOnZero: true,
    format(_options, { progress }) {
      const blocks = 24;
      const filled = Math.round(blocks * Math.min(1, progress));
      const share =
        seen.figures?.left === undefined ? '' : `${'█'.repeat(filled)}${'░'.repeat(blocks - filled)} ${Math.floor(progress * 100)} % `;
      return `${share}${sightWords(seen)}`;
    },
  });
  drawn.start(1, 0);
  return {
    at(sight) {
      seen = sight;
      const { done = 0, left = 0 } = sight.figures ?? {};
      drawn.setTotal(Math.max(1, done + left));
      drawn.update(done);
    },
    stop: () => drawn.stop(),
  };
}

function lines(write: (line: string) => void, now: () => number): { at(sight: Running): void; stop(): void } {
  let last: { step?: string; failure?: string; isPaused?: true; at: number } | undefined;
  return {
    at(sight) {
      const isNews =
        !last ||
        last.step !== sight.step ||
        last.failure !== sight.failure ||
        last.isPaused !== sight.isPaused ||
        now() - last.at >= lineEvery;
      if (!isNews) return;
      last = { step: sight.step, failure: sight.failure, isPaused: sight.isPaused, at: now() };
      write(sightWords(sight));
    },
    stop: () => undefined,
  };
}

function endedWithoutReport(
  { workflowId, runId, customerId }: WatchedRun & { customerId: string },
  sight: Extract<RunSight, { state: 'closed' }>,
): CommandFailure {
  return new CommandFailure({
    code: 'RunEnded',
    faults: [`${workflowId} (${runId}) ended as ${sight.status}${sight.failure ? `: ${sight.failure}` : ''}`],
    remedy: `It left no report. The next run goes on from what is stored: rollcall customer sync ${customerId} --wait.`,
    exit: exitCodes.runFailed,
  });
}

function interrupted(customerId: string): CommandFailure {
  return new CommandFailure({
    code: 'Interrupted',
    faults: ['watching was stopped; the run goes on by itself'],
    remedy: `See rollcall runs ${customerId}; rollcall customer pause ${customerId} stops it.`,
    exit: exitCodes.interrupted,
  });
}
