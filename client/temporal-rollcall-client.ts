import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  QueryNotRegisteredError,
  QueryRejectedError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import { customerKey } from '../adapters/engine/search-attributes';
import type { AnswerOf, CustomerQueries } from '../domain/customer/messages';
import type { LookUpPage, LookUpWhat } from '../domain/look-up/rows';
import { customerWorkflowId, lookUpId, taskQueue } from '../domain/workflow-ids';
import { CommandFailure } from './command-failure';
import { overviewOf } from './customer-overview';
import { exitCodes } from './exit-codes';
import type { RollcallClient } from './rollcall-client';
import { watchRun } from './watch-run';
import { noAnswer } from './told-failure';
import { unlessNobodyPolls } from './pollers';

/** Longer than a customer's own patience with its activities (workflows/customer-commands.ts), so that its word comes before ours. */
const updatePatience = 150_000; // ms
const queryPatience = 15_000;
/** A look-up that nobody answers ends by itself, so that none pile up while no worker is there. */
const lookUpPatience = '60s';
const setUpPatience = 60_000;

export function createTemporalRollcallClient(client: Client): RollcallClient {
  const { workflow } = client;
  const within = <T>(ms: number, call: () => Promise<T>): Promise<T> =>
    unlessNobodyPolls(client, taskQueue, client.withDeadline(Date.now() + ms, call));
  const query = <Name extends keyof CustomerQueries>(customerId: string, name: Name): Promise<CustomerQueries[Name]> =>
    within(queryPatience, () => workflow.getHandle(customerWorkflowId(customerId)).query<CustomerQueries[Name]>(name));

  return {
    query,

    async startCustomer({ customerId, configuration, name }) {
      const workflowId = customerWorkflowId(customerId);
      const handle = await workflow
        .start('customer', {
          workflowId,
          taskQueue,
          args: [{ customerId, configuration }],
          workflowIdConflictPolicy: 'FAIL',
          staticSummary: `Customer ${name}`,
          staticDetails: `The whole life of customer ${customerId}. What to send next stands under Current Details.`,
          typedSearchAttributes: [{ key: customerKey, value: customerId }],
        })
        .catch((error: unknown) => {
          throw error instanceof WorkflowExecutionAlreadyStartedError ? isThereAlready(customerId, error) : error;
        });
      for (const until = Date.now() + setUpPatience; ; await wait(250)) {
        try {
          return await query(customerId, 'status');
        } catch (error) {
          // Refused: its own failure names every fault.
          if (error instanceof QueryRejectedError || error instanceof WorkflowNotFoundError) await handle.result();
          if (!(error instanceof QueryNotRegisteredError)) throw error;
          if (Date.now() > until)
            throw noAnswer(error, `customer ${customerId} was started, but its configuration has not been looked at yet`);
        }
      }
    },

    async customers() {
      const found = [];
      const open = workflow.list({ query: `WorkflowType = 'customer' AND ExecutionStatus = 'Running'` });
      for await (const { workflowId, typedSearchAttributes } of open) {
        found.push(overviewOf(workflowId.replace(/^customer\//, ''), typedSearchAttributes));
      }
      return found.sort((one, other) => (one.customerId < other.customerId ? -1 : 1));
    },

    update: (customerId, name, argument) =>
      within(updatePatience, () =>
        workflow.getHandle(customerWorkflowId(customerId)).executeUpdate<AnswerOf<typeof name>, [unknown]>(name, { args: [argument] }),
      ),

    lookUp: <What extends LookUpWhat>(request: { what: What; customerId?: string }) =>
      within(updatePatience, () =>
        workflow.execute<(asked: object) => Promise<LookUpPage<What>>>('lookUp', {
          workflowId: lookUpId(request.customerId, randomUUID()),
          taskQueue,
          args: [request],
          workflowExecutionTimeout: lookUpPatience,
          staticSummary: `Look up: ${request.what}`,
          ...(request.customerId && { typedSearchAttributes: [{ key: customerKey, value: request.customerId }] }),
        }),
      ),

    watchRun: (run, signal) => watchRun(client, run, (customerId) => query(customerId, 'runs'), signal),

    close: () => client.connection.close(),
  };
}

function isThereAlready(customerId: string, cause: unknown): CommandFailure {
  return new CommandFailure({
    code: 'CustomerThere',
    faults: [`customer ${customerId} is there already`],
    remedy: `Look at it with \`rollcall customer show ${customerId}\`; change it with \`rollcall customer configure ${customerId} --file config.json\`.`,
    exit: exitCodes.refused,
    cause,
  });
}
