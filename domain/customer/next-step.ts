import { missingCredentials, purposes, runsOf, type CredentialPurpose } from './projection';
import { isLive, openItems, type CustomerState } from './state';

/** What to do next: an update with its JSON, ready to be copied; or, where something must be sealed first, a command. */
export type NextStep = { update: string; argument: string } | { command: string };

const by = 'your name';

/** The one thing that is waited for most; nothing when the customer is live and well. */
export function nextStep(state: CustomerState): NextStep | undefined {
  if (state.paused) return update('resume', { by });
  const wanted = missingCredentials(state)[0] ?? purposes.find((purpose) => isRefused(state, purpose));
  if (wanted) return { command: `rollcall credential set ${state.customerId} --for ${wanted}` };
  const open = openItems(state);
  if (open.some(([, { provenBy }]) => provenBy === 'testConnection')) return update('testConnection', {});
  if (open.length > 0)
    return state.preview ? update('signOffPreview', { runId: state.preview.runId, by }) : update('requestPreview', { by });
  if (!isLive(state)) return update('goLive', { by });
  return runsOf(state).allowed && !state.runs.some(({ mode }) => mode === 'sync') ? update('syncNow', { by }) : undefined;
}

/** Another test of a credential that was refused would only be refused again. */
function isRefused({ against }: CustomerState, purpose: CredentialPurpose): boolean {
  const code = against[purpose === 'directory' ? 'directoryCredential' : 'targetCredential']?.code;
  return code === 'SecretRejected' || code === 'SecretExpired' || code === 'TargetCredentialRejected';
}

function update(name: string, argument: object): NextStep {
  return { update: name, argument: JSON.stringify(argument) };
}

export function nextStepLine(step: NextStep): string {
  return 'update' in step ? `update \`${step.update}\` with \`${step.argument}\`` : `in a terminal \`${step.command}\``;
}
