import type { RunReport } from '../run/run';
import { taskQueue } from '../workflow-ids';
import { nextRunAt } from './cadence';
import { doneOf, figuresOf } from './figures';
import { healthOf } from './health';
import { nextStep, nextStepLine } from './next-step';
import { runsOf } from './projection';
import { isSuccess, lastTelling } from './run-history';
import { isLive, type CustomerState } from './state';
import { checklistOf, openSentence } from './status';
import { minuteOf } from './time-words';

/** Temporal takes 20,000 bytes; a letter has at most three. */
const longest = 6_000;

type Lines = (string | false | undefined)[];

/** Markdown for the Temporal UI: where the customer stands and the exact JSON to send next. Headings and lists, not wide tables: the UI runs table cells together. */
export function customerDetails(state: CustomerState, now: number): string {
  const { configuration, phase, since, decisions } = state;
  const health = healthOf(state);
  return cut(
    [
      section(`${configuration.name}: ${phase}, ${health.is}`, [...health.because, `In **${phase}** since ${minuteOf(since)}`]),
      section('What to do next', next(state)),
      section('Checklist', checklist(state)),
      section('Runs', runs(state, now)),
      section('Configuration', [
        `Version ${configuration.version}, decision ${decisions}`,
        `Group \`${configuration.groupId}\` of tenant \`${configuration.tenantId}\` to ${configuration.targetOrigin}`,
      ]),
    ].join('\n\n'),
  );
}

function next(state: CustomerState): Lines {
  const { customerId, holds, preview, signedPreview } = state;
  const step = nextStep(state);
  const sync = lastTelling(state);
  const isToSign = step && 'update' in step && step.update === 'signOffPreview' && preview;
  return [
    ...Object.entries(state.started).map(
      ([mode, run]) => `A ${mode} was started at ${minuteOf(run.at)}: workflow \`${run.workflowId}\`. Its end is told here.`,
    ),
    isToSign && `**Look** at what the preview would change: ${lookUp({ customerId, what: 'changes', runId: preview.runId })}`,
    step && `**Next**: ${nextStepLine(step)}`,
    holds > 0 && holdsLine(customerId, holds),
    sync && isSuccess(sync) && sync.plan.problems > 0 && `**Who can’t be synced, and why**: ${lookUp({ customerId, what: 'problems' })}`,
    sync?.notKept && `**Not kept by the LMS**, so left out: ${sync.notKept.join(', ')}`,
    sync && sync.done.failed > 0 && `**What the LMS refused**: ${lookUp({ customerId, what: 'changes', runId: sync.runId })}`,
    !step && holds === 0 && signedPreview !== undefined && 'Nothing waits for you.',
    ...atAnyTime(state),
  ];
}

/** What can be done though nothing asks for it. */
function atAnyTime(state: CustomerState): Lines {
  if (!isLive(state) || state.paused) return [];
  return [
    runsOf(state).allowed && `At any time, a sync now: update \`syncNow\` with \`{"by":"your name"}\``,
    `At any time, a pause: update \`pause\` with \`{"reason":"why","by":"your name"}\``,
  ];
}

function checklist(state: CustomerState): Lines {
  const entries = checklistOf(state);
  return [
    ...entries.filter(({ done }) => !done).map((entry) => `**Open**: ${openSentence(entry)}`),
    ...entries.filter(({ done }) => done).map(({ asks, proof }) => `Done: ${asks} (${proof && `${proof.by}, ${minuteOf(proof.at)}`})`),
  ];
}

function runs(state: CustomerState, now: number): Lines {
  const { customerId, configuration, preview, signedPreview, lastSuccessAt } = state;
  const [last] = state.runs;
  const every = configuration.everyMinutes;
  return [
    preview && preview.runId !== signedPreview && preview.runId !== last?.runId && `**Preview** ${preview.runId}: ${figuresOf(preview)}`,
    last ? lastRun(last) : 'None has ended yet',
    lastSuccessAt && lastSuccessAt !== last?.endedAt && `**Last success**: ${minuteOf(lastSuccessAt)}`,
    runsOf(state).allowed && `**Next run**: ${minuteOf(nextRunAt(customerId, every, now))}, every ${every} minutes`,
  ];
}

/** First looking, then deciding: the JSON that releases everything isn't put under anybody's finger. */
function holdsLine(customerId: string, holds: number): string {
  const decision = JSON.stringify({ decision: 'release or reject', holds: ['a hold’s id'], by: 'your name', reason: 'why' });
  return (
    `**${holds} held**: look at ${holds === 1 ? 'it' : 'them'}: ${lookUp({ customerId, what: 'holds' })}; ` +
    `then update \`decideHolds\` with \`${decision}\` (or \`"holds":"all","expected":${holds}\`)`
  );
}

function lookUp(request: object): string {
  return `Start Workflow of type \`lookUp\` on task queue \`${taskQueue}\` with \`${JSON.stringify(request)}\``;
}

function lastRun(run: RunReport): string {
  const { runId, mode, outcome, endedAt, because, detail } = run;
  const figures = isSuccess(run) ? (mode === 'preview' ? figuresOf(run) : doneOf(run)) : [because, detail].filter(Boolean).join(': ');
  return `**Last run**: ${mode} ${outcome} at ${minuteOf(endedAt)}${figures && `: ${figures}`} (run \`${runId}\`)`;
}

/** A line end in what somebody wrote would end the list. */
function section(heading: string, lines: Lines): string {
  const items = lines.filter((line) => typeof line === 'string');
  return [`### ${inOneLine(heading)}`, ...items.map((line) => `- ${inOneLine(line)}`)].join('\n');
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function cut(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)} …\n- Query \`status\` for the rest`;
}
