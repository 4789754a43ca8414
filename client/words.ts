import { doneOf, figuresOf } from '../domain/customer/figures';
import type { NextStep } from '../domain/customer/next-step';
import type { RunReport } from '../domain/run/run';
import { failures, isFailureCode, remedyOf } from '../domain/failures';
import { durationWords } from './run-sight';

/** `2026-11-24 08:00:03Z`. */
export function timeWords(iso: string | undefined): string | undefined {
  return iso?.replace('T', ' ').replace(/(\.\d+)?Z$/, 'Z');
}

export function tookWords({ startedAt, endedAt }: Pick<RunReport, 'startedAt' | 'endedAt'>): string {
  return durationWords(Date.parse(endedAt) - Date.parse(startedAt));
}

/** What a run did, or a preview would do, and why it did no more: with the failure's code. */
export function reportWords(report: RunReport): string {
  const { mode, outcome, because, detail } = report;
  if (outcome === 'skipped' || outcome === 'failed' || outcome === 'cancelled') {
    const says = because && isFailureCode(because) ? failures[because].says : undefined;
    const words = says === undefined || detail?.startsWith(says) ? detail : [says, detail].filter(Boolean).join(' ');
    return [because, words].filter(Boolean).join(': ');
  }
  return mode === 'preview' ? figuresOf(report) : doneOf(report);
}

/** What to do about a run that came to nothing. */
export function reportRemedy({ customerId, because }: Pick<RunReport, 'customerId' | 'because'>): string | undefined {
  return because && isFailureCode(because) ? remedyOf(because, customerId) : undefined;
}

/** The command that does what the workflow waits for; the workflow itself speaks of updates, because that is what the Temporal UI sends. */
export function commandOf(customerId: string, next: NextStep): string {
  if ('command' in next) return next.command;
  const { runId } = JSON.parse(next.argument) as { runId?: string };
  const of: Readonly<Record<string, string>> = {
    resume: `resume ${customerId}`,
    testConnection: `test-connection ${customerId}`,
    requestPreview: `preview ${customerId} --wait`,
    signOffPreview: `sign-off ${customerId} --run-id ${runId}`,
    goLive: `go-live ${customerId}`,
    syncNow: `sync ${customerId} --wait`,
  };
  const command = of[next.update];
  return command ? `rollcall customer ${command}` : `update ${next.update} of customer/${customerId} with ${next.argument}`;
}
