/** A write that goes half through, and an LMS that answers of one person what isn't about the others. */
import type { Habits } from '../strange/strange-habits';
import { startStrangeLms, type StrangeLms } from '../strange/strange-lms';
import { forEachTest } from '../opened';
import { crowd, stepsOf, storeAndLms, type Person } from './steps-world';
import type { Lms } from './world';

jest.setTimeout(120_000);

const its = storeAndLms();
let lms: StrangeLms;
let instead: Habits['instead'];
forEachTest(
  () => startStrangeLms({ instead: (...asked) => instead?.(...asked) }),
  (started) => (lms = started),
);
beforeEach(() => (instead = undefined));

const [jo, ...others] = crowd(4) as [Person, ...Person[]];
const accountOf = ({ id }: Person) => lms.accounts.users.find(({ externalId }) => externalId === id);
const customer = () => stepsOf(its.store, lms as unknown as Lms);
type Acme = Awaited<ReturnType<typeof customer>>;

/** A run, and what its rows say of the people. */
async function ran(acme: Acme, people: Person[]) {
  const before = lms.writes();
  const run = await acme.open(people);
  await run.plan();
  await run.write();
  const { done } = await run.close();
  return { done, rows: await run.rows(), writes: lms.writes() - before };
}

const refused = (status: number, detail: string) => ({
  status,
  body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status), detail },
});

describe('Whoever is back under a user name', () => {
  const back = { ...jo, mail: 'jo.new@acme.example', title: 'Cook' };

  test.each([
    [
      'that the LMS refuses',
      'TargetValueRefused',
      () => void (instead = (method, _path, body) => (method !== 'GET' && body.includes(back.mail) ? { status: 400 } : undefined)),
    ],
    [
      'that an account has which somebody made by hand',
      'TargetUserNameTaken',
      () => void lms.accounts.add({ userName: back.mail, externalId: 'by-hand' }),
    ],
  ])('%s is switched on under the old one, is tried again in each run, and switched off on leaving', async (_title, code, spoil) => {
    const acme = await customer();
    await acme.sync([jo, ...others]);
    await acme.sync(others);
    expect(accountOf(jo)).toMatchObject({ active: false });
    spoil();

    const first = await ran(acme, [back, ...others]);
    expect(first.done).toMatchObject({ reactivated: 1, failed: 0 });
    expect(first.rows).toMatchObject([{ kind: 'reactivate', memberId: jo.id, outcome: 'done', code }]);
    expect(accountOf(jo)).toMatchObject({ active: true, userName: jo.mail, title: 'Cook' });
    const second = await ran(acme, [back, ...others]);
    expect(second.rows).toMatchObject([{ kind: 'update', memberId: jo.id, outcome: 'failed', code }]);
    expect(second.writes).toBe(1);

    await ran(acme, others);
    expect(accountOf(jo)).toMatchObject({ active: false, userName: jo.mail });
  });

  test('that the LMS takes one day has it then', async () => {
    const acme = await customer();
    await acme.sync([jo, ...others]);
    instead = (method, _path, body) => (method !== 'GET' && body.includes(back.mail) ? { status: 400 } : undefined);
    await ran(acme, [back, ...others]);
    expect(accountOf(jo)).toMatchObject({ userName: jo.mail, title: 'Cook' });
    instead = undefined;
    await ran(acme, [back, ...others]);
    expect(accountOf(jo)).toMatchObject({ userName: back.mail, title: 'Cook' });
    expect(await ran(acme, [back, ...others])).toMatchObject({ rows: [], writes: 0 });
  });
});

describe('Two who swap their names, of whom one is refused the other’s,', () => {
  test('have their own again, and whatever else changed', async () => {
    const [one, other] = crowd(2) as [Person, Person];
    const acme = await customer();
    await acme.sync([one, other]);
    const swapped = [
      { ...one, mail: other.mail, title: 'Cook' },
      { ...other, mail: one.mail, title: 'Pilot' },
    ];
    const run = await acme.open(swapped);
    await run.plan();
    const [aside] = (await run.rows()).filter(({ kind }) => kind === 'setAside');
    const [first, second] = aside?.memberId === one.id ? [one, other] : [other, one];
    instead = (method, _path, body) =>
      method !== 'GET' && body.includes(`"value":"${first.mail}"`) && !body.includes('renaming') && !isGivenBack()
        ? { status: 400 }
        : undefined;
    const isGivenBack = () => accountOf(second)?.title !== undefined && accountOf(first)?.title !== undefined;
    await run.write();
    await run.close();
    expect([first, second].map((person) => accountOf(person))).toMatchObject([
      { userName: first.mail, title: swapped.find(({ id }) => id === first.id)?.title },
      { userName: second.mail, title: swapped.find(({ id }) => id === second.id)?.title },
    ]);
    instead = undefined;
    await ran(acme, swapped);
    expect([one, other].map((person) => accountOf(person)?.userName)).toEqual([other.mail, one.mail]);
  });
});

describe('An account that is made', () => {
  const inactive: Habits['instead'] = (method, path, body) => {
    if (method === 'GET') return undefined;
    if (method === 'POST') return { status: 201, body: lms.accounts.create({ ...(JSON.parse(body) as object), active: false }) };
    return /"active"(,"value")?:true/.test(body) ? { status: 200, body: lms.accounts.get(path.slice(7)) } : undefined;
  };

  test('in an LMS that switches it on only once it is accepted is linked, told of, and left alone until its person leaves', async () => {
    const acme = await customer();
    instead = inactive;
    const first = await ran(acme, [jo, ...others]);
    const told = { kind: 'create', outcome: 'done', code: 'TargetValueRefused', detail: expect.stringContaining('active') as string };
    expect(first.rows).toMatchObject([told, told, told, told]);
    expect(await ran(acme, [jo, ...others])).toMatchObject({ rows: [], writes: 0 });
    Object.assign(accountOf(jo) ?? {}, { active: true }); // accepted
    await ran(acme, others);
    expect(accountOf(jo)).toMatchObject({ active: false });
  });

  test('and could not be switched on is linked, and is switched on by the next run', async () => {
    const acme = await customer();
    instead = (...asked) => (asked[0] === 'POST' ? inactive(...asked) : asked[0] === 'GET' ? undefined : refused(403, 'not now'));
    expect((await ran(acme, [jo])).rows).toMatchObject([{ kind: 'create', outcome: 'done', code: 'TargetValueRefused' }]);
    instead = undefined;
    expect((await ran(acme, [jo])).done).toMatchObject({ reactivated: 1, failed: 0 });
    expect(accountOf(jo)).toMatchObject({ active: true });
    expect(await ran(acme, [jo])).toMatchObject({ rows: [], writes: 0 });
  });
});

test.each([404, 405, 501])(
  'one account to which every write is answered with %i is that person’s failure, and leavers are let go',
  async (status) => {
    const acme = await customer();
    await acme.sync([jo, ...others]);
    const { id } = accountOf(jo) as { id: string };
    instead = (method, path) => (method !== 'GET' && path === `/Users/${id}` ? refused(status, 'User is deleted') : undefined);
    const [leaver, ...stay] = others as [Person, ...Person[]];
    const promoted = [jo, ...stay].map((person) => ({ ...person, title: 'Cook' }));
    expect((await ran(acme, promoted)).done).toMatchObject({ updated: 2, deactivated: 1, failed: 1 });
    expect(accountOf(leaver)).toMatchObject({ active: false });
    expect((await ran(acme, promoted)).rows).toMatchObject([{ memberId: jo.id, outcome: 'failed', code: 'TargetRefused' }]);
    instead = undefined;
    expect((await ran(acme, promoted)).done).toMatchObject({ updated: 1, failed: 0 });
    expect(accountOf(jo)).toMatchObject({ title: 'Cook' });
  },
);

test('a name that is taken, answered as if all were well, is no account of ours: a protected one stays as it is', async () => {
  const acme = await customer();
  const boss = lms.accounts.add({ userName: 'somebody@acme.example', active: false, title: 'by hand' });
  await acme.configure({ protectedAccounts: [String(boss.id)] });
  await acme.sync(others);
  boss.userName = 'boss@acme.example'; // which no reading has seen yet
  const before = structuredClone(boss);
  for (const body of [refused(409, 'taken').body, {}, undefined]) {
    instead = (method) => (method === 'POST' ? { status: 200, body } : undefined);
    const { rows } = await ran(acme, [{ ...jo, mail: 'boss@acme.example' }, ...others]);
    expect(rows).toMatchObject([{ memberId: jo.id, outcome: expect.stringMatching(/failed|problem/), code: 'AccountProtected' }]);
    expect(boss).toEqual(before);
  }
});
