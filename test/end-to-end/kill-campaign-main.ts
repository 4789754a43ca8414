import { parseArgs } from 'node:util';
import { wholeNumber } from '../../sandbox/whole-number';
import { killCampaign } from './kill-campaign';

/** `node dist/test/end-to-end/kill-campaign-main.js [--kills 30] [--members 5000] [--seed N] [--write-latency 60]`: ends with 0 only when everything is exactly right. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '30' },
      members: { type: 'string', default: '5000' },
      seed: { type: 'string' },
      'write-latency': { type: 'string', default: '60' },
    },
  });
  const seed = wholeNumber('seed', values.seed ?? String(Date.now() % 1_000_000));
  const [kills, members] = [wholeNumber('kills', values.kills), wholeNumber('members', values.members)];
  const began = Date.now();
  const say = (line: string) => console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(7)} s  ${line}`);
  console.log(`Kill campaign: ${kills} kills, ${members} members, --seed ${seed}`);
  const { agree, runs, wrong, ...done } = await killCampaign({
    kills,
    members,
    seed,
    writeLatencyMs: wholeNumber('write-latency', values['write-latency']),
    say,
  });
  for (const sentence of wrong.slice(0, 50)) say(`✗ ${sentence}`);
  say(
    `${done.kills} kills in ${runs} runs, ${done.afterWrites} of them after the first write; ${agree} accounts agree, ${wrong.length} things are wrong (--seed ${seed})`,
  );
  return wrong.length === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
