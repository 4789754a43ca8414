import { runDetails } from '../../../domain/run/run-details';
import { noPlan } from '../../../domain/run/run';
import { report } from '../customer/acme';

describe('a run’s details in the Temporal UI', () => {
  test('say which step is at work, and where its rate stands', () => {
    expect(runDetails('acme', 'reading')).toBe(
      '- **Reading the group’s members from Entra**\n- Rate and what is left: Pending Activities, heartbeat details',
    );
  });

  test('say of a run that failed why, what to do, and how to see what it did', () => {
    const text = runDetails(
      'acme',
      'closed',
      report({ runId: 'r1', outcome: 'failed', because: 'SecretExpired', detail: 'AADSTS7000222' }),
    );
    expect(text).toMatch(/^- \*\*sync failed\*\*: /);
    expect(text).toContain('**What to do**');
    expect(text).toContain('In detail: AADSTS7000222');
    expect(text).toContain('with `{"customerId":"acme","what":"changes","runId":"r1"}`');
  });

  test('name only what there is, a person’s problem and a hold with the way to see them', () => {
    const text = runDetails('acme', 'upserting', { ...noPlan, create: 2, held: 3, problems: 1 });
    expect(text).toContain('Planned: **2** to create\n');
    expect(text).toContain('**3 held**, waiting for a decision: see Current Details of workflow `customer/acme`');
    expect(text).toContain('with `{"customerId":"acme","what":"problems"}`');
  });
});
