import { patched, proxyActivities, uuid4 } from '@temporalio/workflow';
import type { CustomerSteps } from '../activities/customer-steps';
import { audienceOf } from '../domain/customer/audience';
import { configured, credentialGiven, paused, reopenedBy, resumed, signedOff, tested, wentLive } from '../domain/customer/decisions';
import type { ArgumentOf, Asked, CustomerUpdates, UpdateName } from '../domain/customer/messages';
import type { CustomerState } from '../domain/customer/state';
import type { Mode } from '../domain/run/run';
import { keyFault } from '../domain/sealed-value';
import { asRefusal, isRefusal, refused } from './refusal';

/** An operator waits for the answer: after two minutes the update fails, and nothing has changed. */
const patience = { startToCloseTimeout: '60s', scheduleToCloseTimeout: '2m', retry: { maximumInterval: '10s' } } as const;
const { acceptConfiguration } = proxyActivities<CustomerSteps>({
  ...patience,
  summary: 'Parses the configuration and keeps it as a version',
});
const { sealingKeys } = proxyActivities<CustomerSteps>({ ...patience, summary: 'Which keys credentials may be sealed to' });
const { acceptCredential } = proxyActivities<CustomerSteps>({
  ...patience,
  summary: 'Proves that the sealed credential can be opened and keeps it',
});
const { testConnection } = proxyActivities<CustomerSteps>({ ...patience, summary: 'Signs in, reads the group, reaches the LMS' });
const { startRun } = proxyActivities<CustomerSteps>({ ...patience, summary: 'Starts a run' });
const { decideHolds } = proxyActivities<CustomerSteps>({ ...patience, summary: 'Releases or rejects holds' });

/** The state that follows, and what the update answers beside the status. What the world must do about it is not said here: it follows the state. */
interface Obeyed<Name extends UpdateName> {
  state: CustomerState;
  answer: CustomerUpdates[Name]['answer'];
}

type Command<Name extends UpdateName> = (
  state: CustomerState,
  argument: ArgumentOf<Name>,
  at: string,
) => Obeyed<Name> | Promise<Obeyed<Name>>;

/** What each update does; what it takes and why it may be refused stands in `domain/customer/requests.ts`. */
const commands: { [Name in UpdateName]: Command<Name> } = {
  async configure(state, { configuration, by }) {
    const { customerId, configuration: before } = state;
    const { decisions = 0, ...after } = await acceptConfiguration({ customerId, configuration, version: before.version + 1, by });
    // After a reset of this workflow the store may be ahead of it.
    const abreast = { ...state, decisions: Math.max(state.decisions, decisions) };
    return { state: configured(abreast, after), answer: { version: after.version, reopened: reopenedBy(before, after) } };
  },
  async provideCredential(before, { purpose, sealed, by }, at) {
    const state = await withKeyOf(sealed, before, at);
    const { customerId, configuration } = state;
    const credentialId = uuid4();
    await acceptCredential({ customerId, purpose, sealed, audience: audienceOf(configuration, purpose), credentialId, by });
    return { state: credentialGiven(state, purpose, { credentialId, by, at }), answer: { credentialId } };
  },
  async testConnection(state, _nothing, at) {
    const { findings } = await testConnection({ customerId: state.customerId });
    return { state: tested(state, findings, at), answer: {} };
  },
  requestPreview: (state, _by, at) => start(state, 'preview', at),
  // The validator has seen that it is this one; a state without it doesn't come this far.
  signOffPreview: (state, { by }, at) => ({ state: state.preview ? signedOff(state, state.preview, by, at) : state, answer: {} }),
  goLive: (state, _by, at) => ({ state: wentLive(state, at), answer: {} }),
  pause: (state, { reason, by }, at) => ({ state: paused(state, reason, by, at), answer: {} }),
  resume: (state, _by, at) => ({ state: resumed(state, at), answer: {} }),
  syncNow: (state, _by, at) => start(state, 'sync', at),
  async decideHolds(state, { decision, holds, expected, by, reason }, at) {
    const answer = await decideHolds({ customerId: state.customerId, decision, holds, expected, by, reason, at });
    return { state: { ...state, holds: answer.open }, answer };
  },
};

/** A key that isn't known may be a new one: the workers are asked before it is refused. */
async function withKeyOf(sealed: string, state: CustomerState, at: string): Promise<CustomerState> {
  if (!keyFault(sealed, state.sealing.kids)) return state;
  // Until 0.1.0 the validator refused it, and the keys may have changed between it and us.
  const kids = patched('sealing-keys-asked-again') ? (await sealingKeys()).kids : state.sealing.kids;
  const fault = keyFault(sealed, kids);
  if (fault) throw refused([`"sealed": ${fault}`]);
  return { ...state, sealing: { kids, knownSince: at } };
}

/** Failures speak in their cause's words: the operator sees those, and not "Activity task failed". */
export async function obey(name: UpdateName, state: CustomerState, argument: unknown, at: string): Promise<Obeyed<UpdateName>> {
  try {
    return await (commands[name] as Command<UpdateName>)(state, argument as never, at);
  } catch (error) {
    throw isRefusal(error) ? error : asRefusal(error);
  }
}

async function start(state: CustomerState, mode: Mode, at: string): Promise<{ state: CustomerState; answer: Asked }> {
  const { workflowId, runId, alreadyRunning } = await startRun({ customerId: state.customerId, mode });
  const started = { ...state.started, [mode]: { workflowId, runId, at } };
  return { state: { ...state, started }, answer: { run: { mode, workflowId, runId, alreadyRunning } } };
}
