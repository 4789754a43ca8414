/** Previews read the accounts of the LMS into the customer's one table of them: what a sync finds there must be all that there is. */
import { crowd, stepsOf, storeAndLms, type Person } from './steps-world';

jest.setTimeout(120_000);

const its = storeAndLms();

const scope = { guests: 'exclude' as const, include: [], exclude: [[{ attribute: 'title', operator: 'EQUALS' as const, value: 'out' }]] };
const [jo, ...rest] = crowd(6) as [Person, ...Person[]];
const joIsOut = [{ ...jo, title: 'out' }, ...rest];
const joIsBack = [{ ...jo, mail: 'jo.new@acme.example' }, ...rest];
const accountsOfJo = () => its.lms.accounts().filter(({ externalId }) => externalId === jo.id);
const listings = () => its.lms.controls.counts.of('GET /Users');

/** Jo was linked, and unlinked by a rule. */
async function unlinked() {
  const acme = await stepsOf(its.store, its.lms, { scope });
  await acme.sync([jo, ...rest]);
  expect((await acme.sync(joIsOut)).done).toMatchObject({ unlinked: 1 });
  return acme;
}

test('a preview that failed while it read them: whoever is let in again under another name gets their account back, not a second one', async () => {
  const acme = await unlinked();
  const fault = its.lms.controls.faults.add({ kind: 'unavailableHtml', match: { method: 'GET', path: 'startIndex' } });
  const preview = await acme.open(joIsOut, 'preview');
  await expect(preview.plan()).rejects.toMatchObject({ type: 'TargetUnavailable' });
  await preview.close('failed');
  its.lms.controls.faults.remove(fault.id);
  expect((await acme.sync(joIsBack)).done).toMatchObject({ created: 0, adopted: 1 });
  expect(accountsOfJo()).toMatchObject([{ userName: 'jo.new@acme.example' }]);
});

test('after one that came to its end no sync reads them once more for that', async () => {
  const acme = await unlinked();
  const preview = await acme.open(joIsOut, 'preview');
  await preview.plan();
  await preview.close();
  its.lms.controls.counts.reset();
  expect((await acme.sync(joIsBack)).done).toMatchObject({ created: 0, adopted: 1 });
  expect(listings()).toBe(0);
  expect(accountsOfJo()).toHaveLength(1);
});
