import { Mutex } from 'async-mutex';
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  log,
  patched,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { CustomerSteps } from '../activities/customer-steps';
import { nextDue, postponement, type What } from '../domain/customer/agenda';
import { paused } from '../domain/customer/decisions';
import type { AnswerOf, CustomerQueries, CustomerStart, UpdateName } from '../domain/customer/messages';
import { isAnotherDecision, projectionOf } from '../domain/customer/projection';
import { faultsOf, requests } from '../domain/customer/requests';
import { withRun } from '../domain/customer/run-history';
import { faultsOfStart } from '../domain/customer/start';
import { newCustomer, without, type CustomerState } from '../domain/customer/state';
import { checklistOf, statusOf } from '../domain/customer/status';
import { faultsOfReport } from '../domain/customer/told-report';
import type { RunReport } from '../domain/run/run';
import { agenda, timerSummaries } from './customer-agenda';
import { obey } from './customer-commands';
import { visibility } from './customer-visibility';
import { asRefusal, inWords, refused } from './refusal';

/** Tried for ever: the world must follow what was decided. Retries of an ordinary activity leave no events behind. */
const forEver = { startToCloseTimeout: '30s', retry: { maximumInterval: '30s' } } as const;
const { followDecisions } = proxyActivities<CustomerSteps>({ ...forEver, summary: 'The world follows what was decided' });
const { acceptConfiguration } = proxyActivities<CustomerSteps>({ ...forEver, summary: 'Parses the configuration and keeps it' });

/** Far below the 4,096 events at which the server itself suggests it, so that the UI stays quick. */
const longHistory = 1_500;
const starting = 'the customer is being set up, and its configuration checked: try again in a moment';

/** An operator starts a customer with its configuration; continuing as new, it starts itself with its state. */
export type CustomerInput = CustomerStart | { customerId: string; state: CustomerState };

export const runClosed = defineSignal<[RunReport]>('runClosed');

/**
 * One customer's whole life. This file holds the state and the clock and nothing else: what a message does stands in
 * `customer-commands.ts`, what the clock does in `customer-agenda.ts`, every rule in `domain/customer/`; the runs are workflows of their own.
 */
export async function customer(input: CustomerInput): Promise<void> {
  const { workflowId, continuedFromExecutionRunId } = workflowInfo();
  const isContinued = continuedFromExecutionRunId !== undefined && 'state' in input;
  const faults = isContinued ? [] : faultsOfStart(input, workflowId);
  if (faults.length > 0) throw refused(faults);
  const { customerId } = input;

  const turn = new Mutex(); // messages and the clock take effect one after the other, each on the state that the one before left
  const show = visibility();
  let state: CustomerState | undefined = isContinued ? input.state : undefined;
  let isCancelled = false;
  const isOver = () => isCancelled || workflowInfo().historyLength > longHistory;

  answerQuery('status', statusOf, 'Where this customer stands: phase, health and why, checklist, credentials, runs, and what to send next');
  answerQuery('checklist', checklistOf, 'Every item, whether it is done, what showed it, and what to do about those that are open');
  answerQuery('runs', ({ runs }) => runs, 'The last 20 runs with their figures, newest first');
  for (const name of Object.keys(requests) as UpdateName[]) obeyUpdate(name);
  setHandler(runClosed, hear, { description: 'A run’s own word that it ended: its report (sent by the run itself)' });

  // "Request Cancellation" in the UI must not end a customer's life: it pauses it, and the next run starts without the request.
  CancellationScope.current().cancelRequested.catch(() => {
    isCancelled = true;
  });
  return CancellationScope.nonCancellable(live);

  async function live(): Promise<void> {
    await turn.runExclusive(begin);
    while (!isOver()) await untilSomethingIsDue();
    const isHeard = isCancelled;
    if (isHeard) await turn.runExclusive(pauseForCancellation);
    await condition(allHandlersFinished); // an update that was accepted is answered before this run ends
    // Whoever asked for a cancellation meanwhile is heard as well; histories of 0.1.0 go on without.
    if (isCancelled && !isHeard && patched('cancelled-while-waiting')) {
      await turn.runExclusive(pauseForCancellation);
      await condition(allHandlersFinished);
    }
    await continueAsNew<typeof customer>({ customerId, state: known() });
  }

  async function begin(): Promise<void> {
    const first = state ?? (await asNewCustomer());
    await attendTo('refreshSealingKeys', first);
    // What happened to the world meanwhile (a Schedule changed by hand) is put right whenever the customer continues as new.
    await attendTo('followDecisions', { ...known(), unfollowed: true });
  }

  async function asNewCustomer(): Promise<CustomerState> {
    const configuration = 'configuration' in input ? input.configuration : undefined;
    try {
      const { decisions, ...accepted } = await acceptConfiguration({ customerId, configuration, version: 1, by: 'start' });
      return newCustomer(customerId, accepted, now(), decisions);
    } catch (error) {
      throw asRefusal(error); // a faulty configuration: the start fails, naming every fault
    }
  }

  async function untilSomethingIsDue(): Promise<void> {
    const due = nextDue(known());
    const isEarlier = () => isOver() || (nextDue(known())?.at ?? Infinity) < (due?.at ?? Infinity);
    if (!due) return condition(isEarlier);
    const wait = due.at - Date.now();
    if (wait > 0 && (await condition(isEarlier, wait, { summary: timerSummaries[due.what] }))) return;
    await turn.runExclusive(async () => {
      const now = nextDue(known()); // a message may have come first; a timer that rang for nothing costs less than one anew for each message
      if (now && now.at <= Date.now()) await attendTo(now.what, known());
    });
  }

  async function attendTo(what: What, current: CustomerState): Promise<void> {
    const settled = { ...current, postponed: without(current.postponed, [what]) };
    try {
      await become(await agenda[what](settled, now()));
    } catch (error) {
      log.warn('could not be done now, comes round again', { what, error }); // a customer's life never ends by an error
      const until = new Date(Date.now() + postponement).toISOString();
      appear({ ...(state ?? settled), postponed: { ...settled.postponed, [what]: { until, because: inWords(error) } } });
    }
  }

  /** Decisions first: the world is told, then they count. What isn't a decision (a run's end, say) costs no activity. */
  async function become(next: CustomerState): Promise<CustomerState> {
    if (!next.unfollowed && !(state && isAnotherDecision(state, next))) return appear(next);
    const { unfollowed: _told, ...decided } = { ...next, decisions: next.decisions + 1 };
    try {
      await followDecisions(projectionOf(decided));
    } catch (error) {
      // The world may have followed halfway: what counts still is told again, under a later number.
      appear({ ...(state ?? decided), decisions: decided.decisions, unfollowed: true });
      throw asRefusal(error);
    }
    return appear(decided);
  }

  /** For what has happened whether or not the world can follow at the moment. */
  async function becomeAnyway(next: CustomerState): Promise<void> {
    try {
      await become(next);
    } catch (error) {
      log.warn('the world could not be told now', { error });
      appear({ ...next, decisions: known().decisions, unfollowed: true });
    }
  }

  function appear(next: CustomerState): CustomerState {
    show(next);
    return (state = next);
  }

  async function pauseForCancellation(): Promise<void> {
    if (!known().paused) await becomeAnyway(paused(known(), 'cancellation was requested in Temporal', 'Temporal', now()));
  }

  async function hear(told: RunReport): Promise<void> {
    await CancellationScope.nonCancellable(async () => {
      await condition(() => state !== undefined);
      const faults = faultsOfReport(told, customerId);
      if (faults.length > 0) log.warn('runClosed was not heard', { faults });
      else await turn.runExclusive(() => becomeAnyway(withRun(known(), told)));
    });
  }

  function obeyUpdate(name: UpdateName): void {
    const refuse = (argument: unknown, ...more: unknown[]): void => {
      const faults = state ? faultsOf(name, state, argument, more.length) : [starting];
      if (faults.length > 0) throw refused(faults);
    };
    const update = async (argument: unknown): Promise<AnswerOf<UpdateName>> => {
      refuse(argument); // again: a message before this one may have changed the state
      const { state: next, answer } = await obey(name, known(), argument, now());
      return { ...answer, status: statusOf(await become(next)) };
    };
    const { does, example } = requests[name];
    setHandler(
      defineUpdate<AnswerOf<UpdateName>, [unknown]>(name),
      (argument) => turn.runExclusive(() => CancellationScope.nonCancellable(() => update(argument))),
      { description: `${does}: ${example}`, validator: refuse },
    );
  }

  function answerQuery<Name extends keyof CustomerQueries>(
    name: Name,
    answer: (state: CustomerState) => CustomerQueries[Name],
    description: string,
  ): void {
    setHandler(defineQuery<CustomerQueries[Name]>(name), () => answer(known()), { description });
  }

  function known(): CustomerState {
    if (!state) throw refused([starting]);
    return state;
  }
}

/** The workflow's own clock, the same in every replay. */
function now(): string {
  return new Date(Date.now()).toISOString();
}
