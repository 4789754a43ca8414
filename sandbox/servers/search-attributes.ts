import { setTimeout as wait } from 'node:timers/promises';
import { isGrpcServiceError, type Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';

/** As Temporal names them; SQL visibility has room for 10 KEYWORD and 3 of every other kind. */
export type SearchAttributeKind = 'TEXT' | 'KEYWORD' | 'INT' | 'DOUBLE' | 'BOOL' | 'DATETIME' | 'KEYWORD_LIST';

export type SearchAttributeDefinitions = Readonly<Record<string, SearchAttributeKind>>;

const { IndexedValueType } = temporal.api.enums.v1;
type IndexedValueType = temporal.api.enums.v1.IndexedValueType;

/**
 * Registers what is missing and leaves alone what is there, so it may be called at every start. Returns when the server knows them: a server on
 * PostgreSQL refuses workflows that set a new one for up to ten seconds more. An attribute that exists with another kind is an error that names it.
 */
export async function registerSearchAttributes(
  connection: Connection,
  namespace: string,
  definitions: SearchAttributeDefinitions,
): Promise<void> {
  const wanted = Object.entries(definitions).map(([name, kind]) => ({ name, kind, type: IndexedValueType[`INDEXED_VALUE_TYPE_${kind}`] }));
  const known = await customAttributes(connection, namespace);
  const clashing = wanted.filter(({ name, type }) => known[name] !== undefined && known[name] !== type);
  if (clashing.length > 0) {
    throw new Error(
      `Search attributes of namespace ${namespace} have another type than Rollcall needs: ${clashing.map(({ name, kind }) => `${name} must be ${kind}`).join(', ')}. ` +
        'Remove them with `temporal operator search-attribute remove --name …` and start again, or use another namespace.',
    );
  }
  const missing = wanted.filter(({ name }) => known[name] === undefined);
  if (missing.length === 0) return;
  try {
    const searchAttributes = Object.fromEntries(missing.map(({ name, type }) => [name, type]));
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
    await untilKnown(connection, namespace, Object.keys(searchAttributes));
  } catch (error) {
    if (!isGrpcServiceError(error)) throw error;
    if (Number(error.code) === alreadyExists) return; // another process was quicker, or this server doesn't list what it has (the time-skipping one)
    throw new Error(
      `Search attributes could not be registered in namespace ${namespace}: ${error.details || error.message}. ` +
        `Register them by hand, \`temporal operator search-attribute create ${missing.map(({ name, kind }) => `--name ${name} --type ${kind}`).join(' ')}\`, and start again.`,
      { cause: error },
    );
  }
}

/** The server keeps each namespace's attributes in a cache of ten seconds; it refuses a query for one that isn't there yet. */
async function untilKnown(connection: Connection, namespace: string, names: string[]): Promise<void> {
  const query = names.map((name) => `${name} is null`).join(' and ');
  for (const until = Date.now() + 30_000; ; await wait(100)) {
    try {
      await connection.workflowService.countWorkflowExecutions({ namespace, query });
      return;
    } catch (error) {
      if (isGrpcServiceError(error) && Number(error.code) === unimplemented) return; // no visibility: the time-skipping server
      if (!isGrpcServiceError(error) || Number(error.code) !== invalidArgument || Date.now() > until) throw error;
    }
  }
}

/** gRPC status codes. */
const invalidArgument = 3;
const alreadyExists = 6;
const unimplemented = 12;

async function customAttributes(connection: Connection, namespace: string): Promise<Record<string, IndexedValueType>> {
  try {
    return (await connection.operatorService.listSearchAttributes({ namespace })).customAttributes ?? {};
  } catch (error) {
    if (isGrpcServiceError(error) && Number(error.code) === unimplemented) return {};
    throw error;
  }
}
