import { remedyFor } from '../failures';
import type { RunReport } from '../run/run';
import { checklist, itemNames, phases, type Item, type ItemName, type Phase } from './checklist';
import { healthOf, type Health } from './health';
import { nextStep, type NextStep } from './next-step';
import { counts, purposes, runsOf, type ConfigurationSummary, type CredentialPurpose, type Runs } from './projection';
import type { CustomerState, Disproof, Finding, GivenCredential, Postponed, Proof, StartedRun } from './state';
import type { Mode } from '../run/run';

/** Where a customer stands; every update answers it too, so that whoever sent one sees what it brought about. */
export interface CustomerStatus {
  customerId: string;
  name: string;
  phase: Phase;
  /** When this phase was entered. */
  since: string;
  health: Health;
  paused?: CustomerState['paused'];
  /** Whether syncs may run, and otherwise why not: a code of domain/failures.ts. */
  runs: Runs;
  configuration: ConfigurationSummary;
  /** What was handed over, and whether it counts (still) for today's tenant, application and LMS. */
  credentials: Partial<Record<CredentialPurpose, GivenCredential & { counts: boolean }>>;
  open: ItemName[];
  /** The message to send next, where one is waited for. */
  next?: NextStep;
  /** Holds that wait for a decision. */
  holds: number;
  connection?: { testedAt: string; findings: Finding[] };
  lastRun?: RunReport;
  lastSuccessAt?: string;
  /** The preview that can be signed off. */
  preview?: RunReport;
  signedPreview?: string;
  /** Runs that were asked for by hand and have not reported yet. */
  started: Partial<Record<Mode, StartedRun>>;
  postponed: Record<string, Postponed>;
  decisions: number;
}

export interface ChecklistEntry extends Pick<Item, 'phase' | 'asks' | 'owner' | 'provenBy'> {
  item: ItemName;
  done: boolean;
  proof?: Proof;
  /** What showed that it is not so. */
  against?: Disproof;
  /** What to do, while it is open. */
  remedy?: string;
}

export function statusOf(state: CustomerState): CustomerStatus {
  const {
    customerId,
    phase,
    since,
    paused,
    configuration,
    holds,
    connection,
    lastSuccessAt,
    preview,
    signedPreview,
    started,
    postponed,
    decisions,
  } = state;
  const credentials = Object.fromEntries(
    purposes.flatMap((purpose) => {
      const given = state.credentials[purpose];
      return given ? [[purpose, { ...given, counts: counts(state, purpose) }]] : [];
    }),
  );
  const checked = checklistOf(state).filter(({ done }) => !done);
  return {
    customerId,
    name: configuration.name,
    phase,
    since,
    health: healthOf(state),
    paused,
    runs: runsOf(state),
    configuration,
    credentials,
    open: checked.map(({ item }) => item),
    next: nextStep(state),
    holds,
    connection,
    lastRun: state.runs[0],
    lastSuccessAt,
    preview,
    signedPreview,
    started,
    postponed,
    decisions,
  };
}

/** Every item of this phase and of those before it. */
export function checklistOf(state: CustomerState): ChecklistEntry[] {
  return itemNames
    .filter((item) => phases.indexOf(checklist[item].phase) <= phases.indexOf(state.phase))
    .map((item) => {
      const { phase, asks, owner, provenBy, remedy } = checklist[item];
      const proof = state.done[item];
      const against = state.against[item];
      return {
        item,
        phase,
        asks,
        owner,
        provenBy,
        done: proof !== undefined,
        proof,
        against,
        ...(!proof && { remedy: remedyFor(against?.remedy ?? remedy, state.customerId) }),
      };
    });
}

/** An open item in a sentence that says what to do about it. */
export function openSentence({ item, asks, owner, against, remedy }: ChecklistEntry): string {
  return `${item} is open (${owner}): ${asks}. ${against ? `${against.says} ` : ''}${remedy ?? ''}`.trim();
}
