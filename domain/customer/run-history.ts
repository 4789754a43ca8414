import { failures, type FailureCode } from '../failures';
import type { RunReport } from '../run/run';
import { itemNames, type ItemName } from './checklist';
import { disprove, isLive, prove, without, type CustomerState } from './state';

export const keptRuns = 20;
const longestDetail = 500; // characters

/** What a failure of this cause, in a run or a connection test, has shown not to be so. */
export const shownByFailure: Partial<Record<FailureCode, ItemName>> = {
  SecretRejected: 'directoryCredential',
  SecretExpired: 'directoryCredential',
  ApplicationNotFound: 'directoryCredential',
  TenantNotFound: 'directoryCredential',
  SignInRefused: 'directoryCredential',
  GroupNotFound: 'membersReadable',
  PermissionMissing: 'membersReadable',
  MembershipHidden: 'membersReadable',
  MembersUnreadable: 'membersReadable',
  TargetCredentialRejected: 'targetCredential',
  TargetRefusesWrites: 'targetWritable',
  TargetAddressRefused: 'targetWritable',
  TargetNotFound: 'targetWritable',
};

/** The state after a run's end became known. Told twice of the same run, it keeps the later word. */
export function withRun(state: CustomerState, told: RunReport): CustomerState {
  const report = told.detail && told.detail.length > longestDetail ? { ...told, detail: `${told.detail.slice(0, longestDetail)}…` } : told;
  const others = state.runs.filter(({ runId }) => runId !== report.runId);
  const runs = [report, ...others].sort((one, other) => Date.parse(other.endedAt) - Date.parse(one.endedAt)).slice(0, keptRuns);
  const started = state.started[report.mode]?.runId === report.runId ? without(state.started, [report.mode]) : state.started;
  const next = { ...state, runs, started };
  return says(report) && isNews(state, report) ? conclude({ ...next, last: { ...state.last, [report.mode]: report } }, report) : next;
}

/** The last run that speaks for how things stand: once live a sync, before that a preview. */
export function lastTelling(state: CustomerState): RunReport | undefined {
  return state.last[isLive(state) ? 'sync' : 'preview'];
}

export function isSuccess({ outcome }: RunReport): boolean {
  return outcome === 'succeeded' || outcome === 'held';
}

function says({ outcome }: RunReport): boolean {
  return outcome !== 'skipped' && outcome !== 'cancelled';
}

/** What an older run found says nothing about today. */
function isNews(state: CustomerState, report: RunReport): boolean {
  const last = state.last[report.mode];
  return !last || last.runId === report.runId || Date.parse(last.endedAt) <= Date.parse(report.endedAt);
}

function conclude(state: CustomerState, report: RunReport): CustomerState {
  if (!isSuccess(report)) return afterFailure(state, report);
  const proven = prove(state, provenBy(state, report), { by: `run ${report.runId}`, at: report.endedAt });
  if (report.mode === 'preview') return report.configurationVersion >= state.rehearsedSince ? { ...proven, preview: report } : proven;
  const holds = report.openHolds ?? report.plan.held;
  if (foundNobody(report)) return { ...proven, holds };
  const { staleSince: _over, ...fresh } = proven;
  return { ...fresh, lastSuccessAt: report.endedAt, holds };
}

/** A group that seems to be empty, without any proof: whether that was a success, somebody has to decide first (`GroupEmptied`). */
function foundNobody({ outcome, members }: RunReport): boolean {
  return outcome === 'held' && members === 0;
}

function afterFailure(state: CustomerState, report: RunReport): CustomerState {
  const { runId, because, detail, endedAt, openHolds } = report;
  const next = { ...state, holds: openHolds ?? state.holds };
  const item = because && because !== 'Unexpected' ? shownByFailure[because] : undefined;
  if (!item || !because || because === 'Unexpected' || !speaksFor(state, item, report)) return next;
  const { says: sentence, remedy } = failures[because];
  return disprove(next, [item], { by: `run ${runId}`, at: endedAt, code: because, says: detail || sentence, remedy });
}

/** What a success shows, for whatever is not proven at the moment: it has signed in and read, and perhaps written. */
function provenBy(state: CustomerState, report: RunReport): ItemName[] {
  const { created, adopted, updated, reactivated, deactivated } = report.done;
  const shown: Partial<Record<ItemName, boolean>> = {
    directoryCredential: report.members > 0,
    membersReadable: report.members > 0,
    targetCredential: created + adopted + updated + reactivated + deactivated > 0,
    targetWritable: created + adopted + updated + reactivated + deactivated > 0,
  };
  // What a run came upon, the next run that gets through takes back.
  const isShown = (item: ItemName) => shown[item] !== undefined && (shown[item] || state.against[item]?.by.startsWith('run '));
  return itemNames.filter((item) => isShown(item) && !state.done[item] && speaksFor(state, item, report));
}

/** A run says something about today's configuration and credential only if it began with them. */
function speaksFor({ configuration, credentials }: CustomerState, item: ItemName, { configurationVersion, startedAt }: RunReport): boolean {
  const given = item === 'directoryCredential' ? credentials.directory : item === 'targetCredential' ? credentials.target : undefined;
  return configurationVersion === configuration.version && !(given && Date.parse(startedAt) < Date.parse(given.at));
}
