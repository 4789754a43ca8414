/** What customers' workflows can be searched by, and the kind of value as Temporal names it. Never personal data: search attributes are not encrypted. */
export const searchAttributes = {
  RollcallCustomer: 'KEYWORD',
  /** A phase of domain/customer/checklist.ts. */
  RollcallPhase: 'KEYWORD',
  /** A health of domain/customer/health.ts. */
  RollcallHealth: 'KEYWORD',
  /** Holds that wait for a decision. */
  RollcallHolds: 'INT',
  RollcallLastSuccessAt: 'DATETIME',
} as const satisfies Record<string, 'KEYWORD' | 'INT' | 'DATETIME'>;
