import { failures, isFailureCode } from '../failures';
import type { Plan, RunReport } from './run';

const steps = {
  opening: 'Asking whether it may run',
  reading: 'Reading the group’s members from Entra',
  planning: 'Comparing, confirming leavers, applying the guard',
  upserting: 'Creating and updating accounts',
  managers: 'Setting managers',
  leavers: 'Deactivating leavers',
  closed: 'Closed',
} as const;

/** Markdown for the Temporal UI. Lists, not wide tables: the UI runs table cells together. */
export function runDetails(customerId: string, at: keyof typeof steps, figures?: Plan | RunReport): string {
  const report = figures && 'outcome' in figures ? figures : undefined;
  const plan = report?.plan ?? (figures as Plan | undefined);
  const because = report && isFailureCode(report.because) ? failures[report.because] : undefined;
  const lines = [
    `**${report ? report.outcome : steps[at]}**${because ? `: ${because.says}` : ''}`,
    because && `What to do: ${because.remedy}`,
    report?.detail && `In detail: ${report.detail}`,
    plan &&
      `Planned: **${plan.create}** to create, **${plan.adopt}** to adopt, **${plan.update + plan.reactivate}** to update or reactivate, **${plan.deactivate}** to deactivate`,
    report &&
      `Done: **${report.done.created}** created, **${report.done.updated}** updated, **${report.done.deactivated}** deactivated, **${report.done.failed}** refused by the LMS`,
    plan &&
      plan.held > 0 &&
      `**${plan.held}** people wait for a decision: update \`decideHolds\` of \`customer/${customerId}\` with \`{"decision":"release","holds":"all","by":"your name","reason":"why"}\``,
    plan &&
      plan.problems > 0 &&
      `**${plan.problems}** problems: start \`lookUp\` with \`{"customerId":"${customerId}","what":"problems"}\``,
  ];
  return lines
    .filter(Boolean)
    .map((line) => `- ${line}`)
    .join('\n');
}
