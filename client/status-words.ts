import type { ChecklistEntry, CustomerStatus } from '../domain/customer/status';
import type { Output } from './output';
import { commandOf, reportWords, timeWords } from './words';

const colourOf = { healthy: 'green', degraded: 'yellow', stale: 'yellow', paused: 'yellow', failing: 'red' } as const;

/** Where a customer stands, for reading. */
export function statusWords(status: CustomerStatus, output: Output): string {
  const {
    customerId,
    name,
    phase,
    since,
    health,
    configuration,
    credentials,
    holds,
    lastRun,
    lastSuccessAt,
    preview,
    signedPreview,
    next,
  } = status;
  const given = (purpose: 'directory' | 'target') => {
    const credential = credentials[purpose];
    if (!credential) return 'none';
    return `handed over by ${credential.by}, ${timeWords(credential.at)}${credential.counts ? '' : ' (counts no more: for another tenant, application or LMS)'}`;
  };
  const facts: [string, string | undefined][] = [
    ['Phase', `${phase} since ${timeWords(since)}`],
    ['Health', output.style(colourOf[health.is], health.is)],
    [
      'Configuration',
      `version ${configuration.version}: group ${configuration.groupId} of tenant ${configuration.tenantId} → ${configuration.targetOrigin}, every ${configuration.everyMinutes} min`,
    ],
    ['Credentials', `directory: ${given('directory')}; target: ${given('target')}`],
    ['Last run', lastRun && `${lastRun.mode} ${lastRun.outcome}, ${timeWords(lastRun.endedAt)}: ${reportWords(lastRun)}`],
    ['Last success', timeWords(lastSuccessAt)],
    ['Preview', preview && `${preview.runId}${signedPreview === preview.runId ? ' (signed off)' : ''}: ${reportWords(preview)}`],
    [
      'Problems',
      lastRun && lastRun.plan.problems > 0 ? `${lastRun.plan.problems} can’t be synced: rollcall problems ${customerId}` : undefined,
    ],
    ['Not kept', lastRun?.notKept && `the LMS drops these, so that they are left out: ${lastRun.notKept.join(', ')}`],
    ['Holds', holds > 0 ? `${holds} wait for a decision: rollcall customer holds ${customerId}` : undefined],
    ['Next', next && output.style('bold', commandOf(customerId, next))],
  ];
  const width = Math.max(...facts.map(([label]) => label.length)) + 2;
  return [
    output.style('bold', `${name} (${customerId})`),
    ...facts.flatMap(([label, says]) => [
      ...(says ? [`${`${label}:`.padEnd(width)}${says}`] : []),
      ...(label === 'Health' ? health.because.map((reason) => `  - ${reason}`) : []),
    ]),
  ].join('\n');
}

export function checklistWords(entries: readonly ChecklistEntry[], output: Output): string {
  return entries
    .flatMap(({ done, asks, owner, proof, against, remedy }) => [
      done
        ? `${output.style('green', '✓')} ${asks} ${output.style('dim', `(${proof?.by}, ${timeWords(proof?.at)})`)}`
        : `${output.style('red', '✗')} ${asks} (${owner})${against ? `: ${against.says}` : ''}`,
      ...(remedy ? [`    ${remedy}`] : []),
    ])
    .join('\n');
}
