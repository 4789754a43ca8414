import { failures, isFailureCode } from '../failures';
import { taskQueue } from '../workflow-ids';
import type { Done, Plan, RunReport } from './run';

const steps = {
  opening: 'Asking whether it may run',
  reading: 'Reading the group’s members from Entra',
  planning: 'Comparing, confirming leavers, applying the guard',
  upserting: 'Creating and updating accounts',
  managers: 'Setting managers',
  leavers: 'Deactivating leavers',
  closed: 'Closed',
} as const;

/** What becomes of fields that the LMS doesn't keep, and what whoever minds can do. */
export const notKeptRemedy =
  'They are left out from now on. Take them out of the mapping, or ask the vendor of the LMS why they are dropped; a connection test looks again.';

const planned: Partial<Record<keyof Plan, string>> = {
  create: 'to create',
  adopt: 'to link to accounts that are there',
  update: 'to update',
  reactivate: 'to switch on again',
  managers: 'managers to set or clear',
  deactivate: 'to switch off',
  unlink: 'to let go of',
};
const done: Partial<Record<keyof Done, string>> = {
  created: 'created',
  adopted: 'linked',
  updated: 'updated',
  reactivated: 'switched on again',
  managers: 'managers set or cleared',
  deactivated: 'switched off',
  unlinked: 'let go of',
  failed: 'refused by the LMS, tried again next time',
};

/** Markdown for the Temporal UI. Lists, not wide tables: the UI runs table cells together. */
export function runDetails(customerId: string, at: keyof typeof steps, figures?: Plan | RunReport): string {
  const report = figures && 'outcome' in figures ? figures : undefined;
  const plan = report?.plan ?? (figures as Plan | undefined);
  const because = report && isFailureCode(report.because) ? failures[report.because] : undefined;
  const lines = [
    `**${report ? `${report.mode} ${report.outcome}` : steps[at]}**${because ? `: ${because.says}` : ''}`,
    because && `**What to do**: ${because.remedy.replaceAll('<customer>', customerId)}`,
    report?.detail && `In detail: ${report.detail}`,
    !report && `Rate and what is left: Pending Activities, heartbeat details`,
    plan && `Planned: ${figuresIn(plan, planned)}`,
    report && report.mode === 'sync' && `Done: ${figuresIn(report.done, done)}`,
    report?.foundNotKept && `**Not kept by the LMS**: ${report.foundNotKept.join(', ')}. ${notKeptRemedy}`,
    plan && plan.held > 0 && `**${plan.held} held**, waiting for a decision: see Current Details of workflow \`customer/${customerId}\``,
    plan &&
      plan.problems > 0 &&
      `**${plan.problems} can’t be synced**: Start Workflow of type \`lookUp\` on task queue \`${taskQueue}\` with \`${JSON.stringify({ customerId, what: 'problems' })}\``,
    report &&
      `**Person by person**: Start Workflow of type \`lookUp\` on task queue \`${taskQueue}\` with \`${JSON.stringify({ customerId, what: 'changes', runId: report.runId })}\``,
  ];
  return lines
    .filter((line) => typeof line === 'string')
    .map((line) => `- ${line.replace(/\s+/g, ' ')}`)
    .join('\n');
}

function figuresIn<Key extends string>(counts: Record<Key, number>, words: Partial<Record<Key, string>>): string {
  const parts = (Object.keys(words) as Key[]).filter((key) => counts[key] > 0).map((key) => `**${counts[key]}** ${words[key]}`);
  return parts.join(', ') || 'nothing';
}
