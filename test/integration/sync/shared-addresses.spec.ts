/** Situation 9, later on: an address is whose account has it already. */
import type { Configuration } from '../../../domain/configuration/configuration';
import { crowd, stepsOf, storeAndLms, type Person } from './steps-world';

jest.setTimeout(120_000);

const its = storeAndLms();

const fields = { email: { value: 'title', apply: 'always', whenEmpty: 'clear', required: false } } as unknown as Configuration['fields'];
const people = crowd(4).map((person, n) => ({ ...person, title: `mail${n + 1}@acme.example` }));
const [jo, al, ...rest] = people as [Person, Person, ...Person[]];
const accountOf = ({ id }: Person) => its.lms.accounts().find(({ externalId }) => externalId === id);
const addressOf = (person: Person) => (accountOf(person)?.emails as { value: string }[] | undefined)?.[0]?.value;

test.each([
  ['comes first by object id', jo, al],
  ['comes later by object id', al, jo],
])(
  'whoever takes the address of somebody else, and %s, is the one with the problem; nobody is written to',
  async (_title, taker, owner) => {
    const acme = await stepsOf(its.store, its.lms, { fields });
    await acme.sync(people);
    const { problems, done } = await acme.sync([{ ...taker, title: (owner.title as string).toUpperCase() }, owner, ...rest]);
    expect({ problems, done }).toMatchObject({ problems: { EmailDuplicate: 1 }, done: { updated: 0, failed: 0 } });
    expect([taker, owner].map(addressOf)).toEqual([taker.title, owner.title]);

    // Once its owner has another one, the address is free.
    const moved = { ...owner, title: 'moved@acme.example' };
    expect(await acme.sync([{ ...taker, title: owner.title }, moved, ...rest])).toMatchObject({
      problems: {},
      done: { updated: 2 },
    });
    expect([taker, owner].map(addressOf)).toEqual([owner.title, moved.title]);
  },
);
