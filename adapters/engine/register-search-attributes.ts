import { setTimeout as wait } from 'node:timers/promises';
import { isGrpcServiceError, type Connection } from '@temporalio/client';
import { lackingIn, registeringCommand, searchAttributeNames, typeOf, type SearchAttributeName } from './search-attributes';

export type Services = Pick<Connection, 'operatorService' | 'workflowService'>;

/** No customer can be added, and no workflow can go on, without them. */
export class SearchAttributesMissing extends Error {
  constructor(namespace: string, names: readonly SearchAttributeName[], cause?: unknown) {
    const why = isGrpcServiceError(cause) ? ` (this worker may not add them: ${cause.details})` : '';
    super(
      `Namespace ${namespace} lacks search attributes, or has them with another type: ${names.join(', ')}${why}. ` +
        `Register them: ${registeringCommand(namespace, names)} (one of another type must be removed first; on Temporal Cloud: on the namespace’s page).`,
      { cause },
    );
    this.name = 'SearchAttributesMissing';
  }
}

/** Throws `SearchAttributesMissing` while the namespace lacks one of ours. */
export async function requireSearchAttributes(services: Services, namespace: string): Promise<void> {
  const lacking = await lackingOf(services, namespace);
  if (lacking.length > 0) throw new SearchAttributesMissing(namespace, lacking);
}

/**
 * Registers what is missing, so it may be called at every start; the names of what was. Returns once the server knows them: it keeps them in a cache of ten
 * seconds, and refuses workflows that set a new one until then. Throws `SearchAttributesMissing` where they can't be registered from here.
 */
export async function registerSearchAttributes(services: Services, namespace: string): Promise<SearchAttributeName[]> {
  const lacking = await lackingOf(services, namespace);
  if (lacking.length === 0) return [];
  try {
    const types = Object.fromEntries(lacking.map((name) => [name, typeOf(name)]));
    await services.operatorService.addSearchAttributes({ namespace, searchAttributes: types });
  } catch (error) {
    // Another worker was quicker, or what is there has another type.
    const isOver = isGrpcServiceError(error) && Number(error.code) === grpc.alreadyExists;
    if (!isOver || (await lackingOf(services, namespace)).length > 0) throw new SearchAttributesMissing(namespace, lacking, error);
  }
  for (const until = Date.now() + 30_000; (await unknownTo(services, namespace)).length > 0; await wait(200))
    if (Date.now() > until) throw new SearchAttributesMissing(namespace, await unknownTo(services, namespace));
  return lacking;
}

const grpc = { invalidArgument: 3, alreadyExists: 6, denied: 7, unimplemented: 12 };

/** Where the list is not for everybody, a query tells. */
async function lackingOf(services: Services, namespace: string): Promise<SearchAttributeName[]> {
  try {
    const { customAttributes } = await services.operatorService.listSearchAttributes({ namespace });
    return lackingIn(customAttributes);
  } catch (error) {
    const code = isGrpcServiceError(error) ? Number(error.code) : undefined;
    if (code !== grpc.denied && code !== grpc.unimplemented) throw error;
    return unknownTo(services, namespace);
  }
}

/** Those that the server, asked for them, doesn't know (yet): it refuses the query, and names one. */
async function unknownTo({ workflowService }: Services, namespace: string): Promise<SearchAttributeName[]> {
  const query = searchAttributeNames.map((name) => `${name} is null`).join(' and ');
  try {
    await workflowService.countWorkflowExecutions({ namespace, query });
    return [];
  } catch (error) {
    if (!isGrpcServiceError(error) || Number(error.code) !== grpc.invalidArgument) throw error;
    const named = searchAttributeNames.filter((name) => error.details.includes(name));
    return named.length > 0 ? named : searchAttributeNames;
  }
}
