export { createDatabase, dropDatabase } from './databases';
export { startPostgres, type PostgresOptions, type PostgresServer } from './postgres';
export type { Say } from './say';
export { registerSearchAttributes, type SearchAttributeDefinitions, type SearchAttributeKind } from './search-attributes';
export { startTemporal, type TemporalOptions, type TemporalServer } from './temporal';
export { temporalExecutable } from './temporal-executable';
export { ServerUnavailable } from './ways';
