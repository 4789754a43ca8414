import { killCampaign } from './kill-campaign';

test('worker, Temporal and PostgreSQL killed in the middle of runs with faults on: the LMS ends exactly right, and at no moment was anybody wronged', async () => {
  const said: string[] = [];
  const verdict = await killCampaign({ kills: 4, members: 400, seed: 20, writeLatencyMs: 100, say: (line) => void said.push(line) });
  if (verdict.wrong.length > 0) console.error(said.join('\n'));
  expect(verdict).toMatchObject({ kills: 4, wrong: [] });
}, 300_000);
