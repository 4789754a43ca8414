import { missingCredentials, runsOf } from './projection';
import { isLive, openItems, type CustomerState } from './state';

/** What to do next: an update with its JSON, ready to be copied; or, where something must be sealed first, a command. */
export type NextStep = { update: string; argument: string } | { command: string };

const by = 'your name';

/** The one thing that is waited for most; nothing when the customer is live and well. */
export function nextStep(state: CustomerState): NextStep | undefined {
  if (state.paused) return update('resume', { by });
  const [missing] = missingCredentials(state);
  if (missing) return { command: `rollcall credential set ${state.customerId} --for ${missing}` };
  const open = openItems(state);
  if (open.some(([, { provenBy }]) => provenBy === 'testConnection')) return update('testConnection', {});
  if (open.length > 0)
    return state.preview ? update('signOffPreview', { runId: state.preview.runId, by }) : update('requestPreview', { by });
  if (!isLive(state)) return update('goLive', { by });
  return runsOf(state).allowed && !state.runs.some(({ mode }) => mode === 'sync') ? update('syncNow', { by }) : undefined;
}

function update(name: string, argument: object): NextStep {
  return { update: name, argument: JSON.stringify(argument) };
}

export function nextStepLine(step: NextStep): string {
  return 'update' in step ? `update \`${step.update}\` with \`${step.argument}\`` : `\`${step.command}\``;
}
