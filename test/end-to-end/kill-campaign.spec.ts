import { killCampaign } from './kill-campaign';

/** With this seed the first run is hit twice in the middle of its writes, each of the three once at least; in the second, blind one worker and PostgreSQL fall together. */
const course = { kills: 3, members: 300, seed: 227, writeLatencyMs: 100 };

test('worker, Temporal and PostgreSQL killed in the middle of runs with faults on: the LMS ends exactly right, and at no moment was anybody wronged', async () => {
  const said: string[] = [];
  const verdict = await killCampaign({ ...course, say: (line) => void said.push(line) });
  if (verdict.wrong.length > 0) console.error(said.join('\n'));
  expect(verdict).toMatchObject({ kills: course.kills, wrong: [] });
}, 300_000);
