import { temporal } from '@temporalio/proto';
import {
  registerSearchAttributes,
  requireSearchAttributes,
  SearchAttributesMissing,
  type Services,
} from '../../../adapters/engine/register-search-attributes';
import { searchAttributeNames, typeOf } from '../../../adapters/engine/search-attributes';

const { INDEXED_VALUE_TYPE_TEXT } = temporal.api.enums.v1.IndexedValueType;
const refusal = (code: number, details: string) => Object.assign(new Error(details), { code, details, metadata: {} });
const denied = refusal(7, 'Request unauthorized.');
const all = Object.fromEntries(searchAttributeNames.map((name) => [name, typeOf(name)]));
const { RollcallHolds: _missing, ...allButHolds } = all;

interface Server {
  /** What its list says, again and again. */
  lists: (object | Error)[];
  adds?: Error;
  /** What a query for all of them meets. */
  query?: Error;
}

function serverOf({ lists, adds, query }: Server): Services & { added: unknown[] } {
  const added: unknown[] = [];
  return {
    added,
    operatorService: {
      listSearchAttributes: async () => {
        const said = lists.length > 1 ? lists.shift() : lists[0];
        if (said instanceof Error) throw said;
        return { customAttributes: said };
      },
      addSearchAttributes: async ({ searchAttributes }: { searchAttributes: unknown }) => {
        if (adds) throw adds;
        added.push(searchAttributes);
      },
    },
    workflowService: {
      countWorkflowExecutions: async () => {
        if (query) throw query;
      },
    },
  } as never;
}

describe('a worker that starts', () => {
  it('registers what is missing, and nothing else', async () => {
    const server = serverOf({ lists: [allButHolds] });
    expect(await registerSearchAttributes(server, 'n')).toEqual(['RollcallHolds']);
    expect(server.added).toEqual([{ RollcallHolds: typeOf('RollcallHolds') }]);
  });

  it('says what an operator has to do where it may not register them', async () => {
    const registering = registerSearchAttributes(serverOf({ lists: [allButHolds], adds: denied }), 'n');
    await expect(registering).rejects.toThrow(SearchAttributesMissing);
    await expect(registering).rejects.toThrow(
      /may not add them: Request unauthorized.*search-attribute create --namespace n --name RollcallHolds --type Int/,
    );
  });

  it('is content where another worker was quicker', async () => {
    const server = serverOf({ lists: [allButHolds, all], adds: refusal(6, 'already exist') });
    expect(await registerSearchAttributes(server, 'n')).toEqual(['RollcallHolds']);
  });

  it('is not content with one of another type', async () => {
    const mistyped = { ...all, RollcallHolds: INDEXED_VALUE_TYPE_TEXT };
    const server = serverOf({ lists: [mistyped], adds: refusal(6, 'already exist') });
    await expect(registerSearchAttributes(server, 'n')).rejects.toThrow('another type: RollcallHolds');
  });

  it('is ready, where it may not see the list, if the server takes a query for all of them', async () => {
    await requireSearchAttributes(serverOf({ lists: [denied] }), 'n');
    const query = refusal(3, 'invalid query: no mapping defined for search attribute RollcallPhase');
    await expect(requireSearchAttributes(serverOf({ lists: [denied], query }), 'n')).rejects.toThrow(/lacks.*: RollcallPhase\./);
  });

  it('takes an outage for what it is', async () => {
    const away = refusal(14, 'no connection');
    await expect(requireSearchAttributes(serverOf({ lists: [away] }), 'n')).rejects.toBe(away);
  });
});
