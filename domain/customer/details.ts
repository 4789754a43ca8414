import type { RunReport } from '../run/run';
import { nextRunAt } from './cadence';
import { doneOf, figuresOf } from './figures';
import { healthOf } from './health';
import { nextStep, nextStepLine } from './next-step';
import { runsOf } from './projection';
import type { CustomerState } from './state';
import { checklistOf, openSentence } from './status';

/** Temporal takes 20,000 bytes; a letter has at most three. */
const longest = 6_000;

/** Markdown for the Temporal UI: where the customer stands and the exact JSON to send next. Lists, not wide tables: the UI runs table cells together. */
export function customerDetails(state: CustomerState, now: number): string {
  const { customerId, configuration, phase, since, holds, preview, lastSuccessAt } = state;
  const health = healthOf(state);
  const step = nextStep(state);
  const lines = [
    `**${configuration.name}** is in **${phase}** since ${since}`,
    `**Health**: ${health.is}`,
    ...health.because,
    step && `**Next**: ${nextStepLine(step)}`,
    ...checklistOf(state).map((entry) =>
      entry.done ? `Done: ${entry.asks} (${entry.proof?.by}, ${entry.proof?.at})` : `**Open**: ${openSentence(entry)}`,
    ),
    holds > 0 && holdsLine(customerId, holds),
    preview && preview.runId !== state.signedPreview && `**Preview** ${preview.runId}: ${figuresOf(preview)}`,
    state.runs[0] && lastRun(state.runs[0]),
    lastSuccessAt && `**Last success**: ${lastSuccessAt}`,
    runsOf(state).allowed &&
      `**Next run**: ${nextRunAt(customerId, configuration.everyMinutes, now)}, every ${configuration.everyMinutes} minutes`,
    `Configuration ${configuration.version}, decision ${state.decisions}`,
  ];
  return cut(
    lines
      .filter(Boolean)
      .map((line) => `- ${line}`)
      .join('\n'),
  );
}

/** First looking, then deciding: the JSON that releases everything isn't put under anybody's finger. */
function holdsLine(customerId: string, holds: number): string {
  return (
    `**${holds} held**: start \`lookUp\` with \`${JSON.stringify({ customerId, what: 'holds' })}\`, ` +
    `then update \`decideHolds\` with \`${JSON.stringify({ decision: 'release or reject', holds: ['a hold’s id'], by: 'your name', reason: 'why' })}\` (or \`"holds":"all"\`)`
  );
}

function lastRun(run: RunReport): string {
  const { runId, mode, outcome, endedAt, because, detail } = run;
  const figures =
    outcome === 'succeeded' || outcome === 'held'
      ? mode === 'preview'
        ? figuresOf(run)
        : doneOf(run)
      : [because, detail].filter(Boolean).join(': ');
  return `**Last run**: ${mode} ${outcome} at ${endedAt}${figures && `: ${figures}`} (run ${runId})`;
}

function cut(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)} …\n- Query \`status\` for the rest`;
}
