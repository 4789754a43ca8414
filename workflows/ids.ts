/** The ids live in the domain, because adapters need them too and must not reach for workflows. */
export * from '../domain/workflow-ids';
