import { failures, remedyOf } from '../failures';
import { faultsOfSealedValue } from '../sealed-value';
import { audienceOf } from './audience';
import { faultsOfShape, longestReason, optionalTextFault, sentences, textFault, type Fault, type Unchecked } from './faults';
import { figuresOf } from './figures';
import type { ArgumentOf, UpdateName } from './messages';
import { missingCredentials, previewsOf, purposes, runsOf, type CredentialPurpose } from './projection';
import { isLive, type CustomerState } from './state';
import { checklistOf, openSentence } from './status';

interface Request<Name extends UpdateName> {
  /** Shown beside the update's name in the Temporal UI. */
  does: string;
  /** To be copied and filled in. */
  example: string;
  takes: readonly (keyof ArgumentOf<Name> & string)[];
  /** Every reason to refuse it, in the operator's words, whatever JSON it is. Reads and never waits: it runs as the update's validator, which leaves no trace in history. */
  faults: (state: CustomerState, argument: Unchecked) => Fault[];
}

const longestConfiguration = 512 * 1024; // characters of JSON
const mostHolds = 5_000;

/** What can be asked of a customer, each as one JSON object, because that is what the Temporal UI can send. */
export const requests: { [Name in UpdateName]: Request<Name> } = {
  configure: {
    does: 'Takes a new configuration, whole; a change of group, LMS, user name or matching asks for a new preview and sign-off',
    example: '{"configuration":{"name":"Acme","directory":{…},"target":{…},…},"by":"Jo"}',
    takes: ['configuration', 'by'],
    faults: (_state, argument) => [configurationFault(argument.configuration), textFault(argument, 'by', 'who asks')],
  },
  provideCredential: {
    does: 'Takes a credential that was sealed before it left the terminal (rollcall credential set); anything else is refused and leaves no trace',
    example: '{"purpose":"directory","sealed":"eyJ…","by":"Jo"}',
    takes: ['purpose', 'sealed', 'by'],
    faults: (state, argument) => [
      purposeFault(argument.purpose),
      textFault(argument, 'by', 'who hands it over'),
      ...sealedFaults(state, argument),
    ],
  },
  testConnection: {
    does: 'Signs in, reads the group and reaches the LMS; ticks off what that proves and un-ticks what it disproves',
    example: '{}',
    takes: [],
    faults: () => [],
  },
  requestPreview: {
    does: 'Starts a run that reads, maps and plans, and writes nothing to the LMS',
    example: '{"by":"Jo"}',
    takes: ['by'],
    faults: (state, argument) => [optionalTextFault(argument, 'by', 'who asks'), ...previewFaults(state)],
  },
  signOffPreview: {
    does: 'Signs off what the last preview would do; bound to its run id and numbers',
    example: '{"runId":"the preview’s run id","by":"Jo"}',
    takes: ['runId', 'by'],
    faults: (state, argument) => [textFault(argument, 'by', 'who signs it off'), signOffFault(state, argument.runId)],
  },
  goLive: {
    does: 'Lets syncs run from now on; refused while anything on the checklist is open',
    example: '{"by":"Jo"}',
    takes: ['by'],
    faults: (state, argument) => [textFault(argument, 'by', 'who decides it'), ...goLiveFaults(state)],
  },
  pause: {
    does: 'Stops the schedule; a run in flight stops between two people',
    example: '{"reason":"LMS migration","by":"Jo"}',
    takes: ['reason', 'by'],
    faults: ({ paused }, argument) => [
      textFault(argument, 'reason', 'why', longestReason),
      textFault(argument, 'by', 'who asks'),
      paused && `it is paused already, since ${paused.since} (${paused.by}): ${paused.reason}`,
    ],
  },
  resume: {
    does: 'Starts the schedule again after a pause',
    example: '{"by":"Jo"}',
    takes: ['by'],
    faults: ({ paused }, argument) => [textFault(argument, 'by', 'who asks'), !paused && 'it is not paused'],
  },
  syncNow: {
    does: 'Starts a sync at once, beside the schedule',
    example: '{"by":"Jo"}',
    takes: ['by'],
    faults: (state, argument) => [optionalTextFault(argument, 'by', 'who asks'), syncFault(state)],
  },
  decideHolds: {
    does: 'Releases or rejects held changes, all that are open or by id; the next run makes those that were released, and until then the latest decision counts',
    example: '{"decision":"release","holds":["a hold’s id"],"by":"Jo","reason":"the department was closed"}',
    takes: ['decision', 'holds', 'expected', 'by', 'reason'],
    faults: (_state, argument) => [
      argument.decision !== 'release' && argument.decision !== 'reject' && '"decision" must be "release" or "reject"',
      !isChoice(argument.holds) && `"holds" must be "all" or a list of 1 to ${mostHolds} ids of holds`,
      expectedFault(argument),
      textFault(argument, 'by', 'who decides'),
      textFault(argument, 'reason', 'why', longestReason),
    ],
  },
};

/** All faults of an argument, as one sentence each; none means welcome. `more`: how many came beside it. */
export function faultsOf(name: UpdateName, state: CustomerState, argument: unknown, more = 0): string[] {
  const { takes, example, faults } = requests[name];
  const isObject = typeof argument === 'object' && argument !== null && !Array.isArray(argument);
  const tooMany = more > 0 ? [`one JSON object is expected, not ${more + 1} values`] : [];
  return [...tooMany, ...faultsOfShape(argument, takes, example), ...(isObject ? sentences(faults(state, argument as Unchecked)) : [])];
}

function configurationFault(configuration: unknown): Fault {
  if (typeof configuration !== 'object' || configuration === null || Array.isArray(configuration))
    return '"configuration" must be a JSON object';
  return (
    JSON.stringify(configuration).length > longestConfiguration && `"configuration" must have at most ${longestConfiguration} characters`
  );
}

function purposeFault(purpose: unknown): Fault {
  return !isPurpose(purpose) && `"purpose" must be ${purposes.map((known) => `"${known}"`).join(' or ')}`;
}

/** Without a purpose nothing is known of whom it is for; that it is no sealed value at all is still said. */
function sealedFaults(state: CustomerState, { purpose, sealed }: Unchecked): Fault[] {
  const { customerId, configuration } = state;
  const meant = isPurpose(purpose) ? [purpose] : purposes;
  const faults = meant.map((one) => faultsOfSealedValue(sealed, { customerId, purpose: one, audience: audienceOf(configuration, one) }));
  return faults.some((none) => none.length === 0) ? [] : (faults[0] ?? []).map((fault) => `"sealed": ${fault}`);
}

function previewFaults(state: CustomerState): Fault[] {
  const missing = missingCredentials(state);
  return [
    !previewsOf(state) && (state.paused ? `it is paused (${state.paused.reason}): resume it first` : 'previews begin with set-up'),
    missing.length > 0 &&
      `the credential for ${missing.join(' and ')} is missing: rollcall credential set ${state.customerId} --for ${missing.join('|')}`,
  ];
}

function signOffFault({ preview, signedPreview, done, customerId }: CustomerState, runId: unknown): Fault {
  const named = typeof runId === 'string' && runId.trim() ? undefined : '"runId" must name the preview';
  if (!preview)
    return [named, 'no preview of this configuration has succeeded yet: request one (requestPreview)'].filter(Boolean).join('; ');
  const right = `the preview to sign off is ${preview.runId} (${figuresOf(preview)}); its changes: lookUp {"customerId":"${customerId}","what":"changes","runId":"${preview.runId}"}`;
  if (named) return `${named}; ${right}`;
  if (runId !== preview.runId) return `${right}, not ${String(runId).slice(0, 60)}`;
  return signedPreview === runId && done.previewSigned && `it was signed off already (${done.previewSigned.by}, ${done.previewSigned.at})`;
}

function goLiveFaults(state: CustomerState): Fault[] {
  if (isLive(state)) return [`it is live already, in ${state.phase} since ${state.since}`];
  const open = checklistOf(state).filter(({ done }) => !done);
  return [state.paused && `it is paused (${state.paused.reason}): resume it first`, ...open.map(openSentence)];
}

function syncFault(state: CustomerState): Fault {
  const runs = runsOf(state);
  if (runs.allowed) return undefined;
  const missing = runs.because === 'CredentialMissing' ? ` (for ${missingCredentials(state).join(' and ')})` : '';
  return `${failures[runs.because].says}${missing} ${remedyOf(runs.because, state.customerId)}`;
}

function isPurpose(purpose: unknown): purpose is CredentialPurpose {
  return (purposes as readonly unknown[]).includes(purpose);
}

function expectedFault({ expected, holds }: Unchecked): Fault {
  if (expected === undefined) return undefined;
  if (holds !== 'all') return '"expected" goes with "holds":"all" alone';
  return !(Number.isInteger(expected) && (expected as number) >= 0) && '"expected" must be how many holds are open: a whole number';
}

function isChoice(holds: unknown): boolean {
  if (!Array.isArray(holds)) return holds === 'all';
  return (
    holds.length >= 1 &&
    holds.length <= mostHolds &&
    holds.every((id) => typeof id === 'string' && id.length > 0 && id.length <= longestReason)
  );
}
