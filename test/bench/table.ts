import Table from 'cli-table3';
import type { Line } from './line';

export function tableOf(lines: readonly Line[]): string {
  const plain = {
    style: { head: [], border: [] },
    colAligns: ['left', 'left', ...Array<'right'>(11).fill('right')] as ('left' | 'right')[],
  };
  const table = new Table({
    head: ['scenario', 'latency', 'members', 'ms', 'bare ms', 'ratio', 'users/s', 'Graph', 'reads', 'writes', 'events', 'activities', 'MB'],
    ...plain,
  });
  for (const { scenario, latency, members, rollcall, bare, ratio } of lines)
    table.push([
      scenario,
      latency,
      members,
      rollcall.wallMs,
      bare.wallMs,
      ratio.toFixed(2),
      rollcall.usersPerSecond,
      `${rollcall.graphRequests} (${bare.graphRequests})`,
      `${rollcall.targetReads} (${bare.targetReads})`,
      `${rollcall.targetWrites} (${bare.targetWrites})`,
      rollcall.historyEvents,
      rollcall.activities,
      rollcall.peakRssMb,
    ]);
  return table.toString();
}
