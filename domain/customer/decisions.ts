import { audienceOf } from './audience';
import { failures, isFailureCode, type FailureCode } from '../failures';
import type { RunReport } from '../run/run';
import { checklist, itemNames, type ItemName } from './checklist';
import { figuresOf } from './figures';
import type { ConfigurationSummary, CredentialPurpose } from './projection';
import { disprove, isLive, prove, reopen, type CustomerState, type Finding } from './state';

/** What can be decided about a customer. Each gives the state that follows; what the world must do about it follows from that. */

/** Whatever depends on something that changed is open again; a preview of the old kind can't be signed off any more. */
export function configured(state: CustomerState, configuration: ConfigurationSummary): CustomerState {
  const isRehearsedAnew = configuration.rehearsalKey !== state.configuration.rehearsalKey;
  const changed = reopen({ ...state, configuration }, reopenedBy(state.configuration, configuration));
  if (!isRehearsedAnew) return changed;
  const { preview: _old, signedPreview: _signed, ...anew } = changed;
  return { ...anew, rehearsedSince: configuration.version };
}

export function reopenedBy(before: ConfigurationSummary, after: ConfigurationSummary): ItemName[] {
  return itemNames.filter((item) => checklist[item].dependsOn.some((key) => before[key] !== after[key]));
}

/** It counts from now on, and is proven by the next connection test or run. */
export function credentialGiven(
  state: CustomerState,
  purpose: CredentialPurpose,
  given: { credentialId: string; by: string; at: string },
): CustomerState {
  const credentials = { ...state.credentials, [purpose]: { ...given, audience: audienceOf(state.configuration, purpose) } };
  return reopen({ ...state, credentials }, [purpose === 'directory' ? 'directoryCredential' : 'targetCredential']);
}

/** Ticks off what it proves and un-ticks what it disproves; an item that it says nothing about stays as it was. */
export function tested(state: CustomerState, findings: Finding[], at: string): CustomerState {
  const by = 'testConnection';
  const after = { ...state, connection: { testedAt: at, findings } };
  return itemNames.reduce<CustomerState>((next, item) => {
    const mine = findings.filter((finding) => finding.item === item);
    const fault = mine.find(({ ok }) => !ok);
    // That somebody doesn't answer today disproves nothing.
    const isOutage = mine.some(({ ok, code }) => !ok && isFailureCode(code) && failures[code].passes);
    if (isOutage && state.done[item]) return next;
    if (fault)
      return disprove(next, [item], { by, at, code: codeIn(fault), says: fault.says, remedy: fault.remedy ?? checklist[item].remedy });
    return mine.length > 0 ? prove(next, [item], { by, at, note: mine.map(({ says }) => says).join(' ') }) : next;
  }, after);
}

export function signedOff(state: CustomerState, preview: RunReport, by: string, at: string): CustomerState {
  return prove({ ...state, signedPreview: preview.runId }, ['previewSigned'], { by, at, note: `${preview.runId}: ${figuresOf(preview)}` });
}

export function wentLive(state: CustomerState, at: string): CustomerState {
  return { ...state, phase: 'hypercare', since: at, expectedSince: at };
}

export function paused(state: CustomerState, reason: string, by: string, at: string): CustomerState {
  return { ...state, paused: { reason, by, since: at } };
}

/** The wait for a success begins anew: nobody is blamed for the time of the pause. */
export function resumed({ paused: _over, staleSince: _old, ...state }: CustomerState, at: string): CustomerState {
  return isLive(state) ? { ...state, expectedSince: at } : state;
}

function codeIn({ code }: Finding): FailureCode | undefined {
  return isFailureCode(code) ? code : undefined;
}
