import * as fc from 'fast-check';
import { Refused } from '../../../sandbox/controls/refused';
import { everybody, type Entra } from '../../../sandbox/entra/entra';
import type { Lms } from '../../../sandbox/lms/lms';
import type { Person } from './truth';

/**
 * One thing that happens in the directory or inside the LMS between two runs. People are named by a number, which is taken modulo how many there are:
 * so a change keeps its meaning while an example shrinks.
 */
export type Change =
  | { do: 'hire'; attributes: object; inGroup: boolean; disabled: boolean; guest: boolean; manager: number }
  | {
      do:
        | 'leave'
        | 'join'
        | 'disable'
        | 'enable'
        | 'delete'
        | 'restore'
        | 'restoreRenamed'
        | 'purge'
        | 'nest'
        | 'becomeGuest'
        | 'becomeMember';
      who: number;
    }
  | { do: 'rename'; who: number; name: number; mailToo: boolean }
  | { do: 'takeName' | 'swap' | 'moveToManager' | 'loop'; who: number; other: number }
  | { do: 'noManager' | 'managedByContact'; who: number }
  | { do: 'set'; who: number; attributes: object }
  | { do: 'emptyGroup' }
  /** Somebody in the LMS makes an account with a member's name, or address, or neither. */
  | { do: 'makeByHand'; who: number; like: 'name' | 'mail' | 'nobody'; active: boolean; title: string | undefined }
  /** Somebody in the LMS writes what is the LMS's own. */
  | { do: 'writeByHand'; who: number };

const who = fc.nat(40);
const text = (...values: (string | null)[]) => fc.constantFrom(...values);

/** Few values, so that people share them; some as careless people type them. */
export const attributes = fc.record(
  {
    displayName: text('Jo Doe', ' Zoë\u00a0Strauß\u200b ', 'Zoe\u0308 Ito', 'Ann', null),
    givenName: text('Jo', 'Zoe\u0308 ', 'Łukasz', null),
    surname: text('Doe', 'Ødegård', 'O’Neill\t', 'van  der Berg', null),
    department: text('Sales', 'Robots', 'Human Resources', ' Sales ', null),
    jobTitle: text('Engineer', 'Head of tea', 'Pilot\u200b', null),
    officeLocation: text('Lisbon 2', '\u00a0', null),
    city: text('Lisbon', null),
    mobilePhone: text('+351 910000000', null),
    employeeId: text('A-1001', 'A-1002', ' A-1003', 'A-1003', 'B\t1', null),
    employeeType: text('Contractor', 'Employee', null),
    employeeHireDate: text('2024-02-29T00:00:00Z', '2026-01-01T00:00:00Z', null),
    mail: text('jo@northwind.example', 'JO@northwind.example', 'zoe@northwind.example ', 'not an address', null),
  },
  { requiredKeys: [] },
);

const oneOf = <Name extends string>(...names: Name[]) => fc.constantFrom(...names);

export const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('hire' as const), attributes, inGroup: fc.constantFrom(true, true, true, false), disabled: fc.constantFrom(false, false, false, true), guest: fc.constantFrom(false, false, false, true), manager: who,
    }),
  },
  { weight: 9, arbitrary: fc.record({ do: oneOf('leave', 'join', 'disable', 'enable', 'delete', 'restore', 'restoreRenamed', 'purge', 'nest', 'becomeGuest', 'becomeMember'), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('rename' as const), who, name: fc.nat(5), mailToo: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ do: oneOf('takeName', 'swap', 'moveToManager', 'loop'), who, other: who }) },
  { weight: 2, arbitrary: fc.record({ do: oneOf('noManager', 'managedByContact'), who }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('set' as const), who, attributes }) },
  { weight: 1, arbitrary: fc.constantFrom<Change>({ do: 'emptyGroup' }, { do: 'leave', who: 0 }, { do: 'join', who: 0 }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('makeByHand' as const), who, like: oneOf('name', 'mail', 'nobody'), active: fc.boolean(), title: fc.option(fc.constant('By hand'), { nil: undefined }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('writeByHand' as const), who }) },
); // prettier-ignore

/** Brings a change about. What Entra or the LMS refuses, such as a name that is taken, does not happen. */
export function bringAbout(change: Change, entra: Entra, lms: Lms): void {
  try {
    happen(change, entra, lms);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
}

function happen(change: Change, entra: Entra, lms: Lms): void {
  const people = [...everybody(entra.tenant)] as unknown as Person[];
  const alive = people.filter(({ isDeleted }) => !isDeleted);
  const pick = (number: number, from = alive) => from[number % Math.max(1, from.length)];
  const named = (number: number) => pick(number)?.id ?? '';
  switch (change.do) {
    case 'hire': {
      const { inGroup, disabled, guest, manager } = change;
      entra.hire({
        inGroup,
        managerId: pick(manager)?.id ?? null,
        attributes: { ...change.attributes, accountEnabled: !disabled, ...(guest && { userType: 'Guest' as const }) },
      });
      return;
    }
    case 'leave':
    case 'join':
    case 'disable':
    case 'enable':
    case 'delete':
    case 'purge':
      entra[change.do]({ id: named(change.who) });
      return;
    case 'nest':
      entra.addNested({ id: named(change.who) });
      return;
    case 'becomeGuest':
    case 'becomeMember':
      return entra.set({ id: named(change.who), attributes: { userType: change.do === 'becomeGuest' ? 'Guest' : 'Member' } });
    case 'restore':
    case 'restoreRenamed': {
      const back = pick(
        change.who,
        people.filter(({ isDeleted }) => isDeleted),
      );
      if (back)
        entra.restore({
          id: back.id,
          ...(change.do === 'restoreRenamed' && { userPrincipalName: `back.${back.id.slice(0, 8)}@northwind.example` }),
        });
      return;
    }
    case 'rename': {
      const userPrincipalName = ['New.Name', 'new.name', 'svc-robot', 'zoë', 'o’neill', 'jo'][change.name] + '@northwind.example';
      return entra.rename({ id: named(change.who), userPrincipalName, ...(change.mailToo && { mail: userPrincipalName }) });
    }
    case 'takeName': {
      // The holder is renamed and the other one gets the name, on one day (situation 2).
      const other = pick(change.other);
      if (!other || named(change.who) === other.id) return;
      const { userPrincipalName, mail } = other;
      entra.rename({ id: other.id, userPrincipalName: `was.${userPrincipalName}`, mail: `was.${userPrincipalName}` });
      return entra.rename({ id: named(change.who), userPrincipalName, mail });
    }
    case 'swap':
      if (named(change.who) !== named(change.other)) entra.swapNames({ one: named(change.who), other: named(change.other) });
      return;
    case 'moveToManager':
      return entra.moveToManager({ id: named(change.who), managerId: named(change.other) });
    case 'loop':
      entra.moveToManager({ id: named(change.who), managerId: named(change.other) });
      return entra.moveToManager({ id: named(change.other), managerId: named(change.who) });
    case 'noManager':
      return entra.moveToManager({ id: named(change.who), managerId: null });
    case 'managedByContact':
      return entra.moveToManager({ id: named(change.who), managerId: entra.tenant.contacts[0]?.id ?? null });
    case 'set':
      return entra.set({ id: named(change.who), attributes: change.attributes });
    case 'emptyGroup':
      entra.emptyGroup({});
      return;
    case 'makeByHand': {
      const { like, active, title } = change;
      const person = pick(change.who);
      const userName = like === 'name' ? (person?.userPrincipalName ?? 'nobody') : `by.hand.${change.who}`;
      const mail = like === 'nobody' ? undefined : person?.mail?.trim();
      lms.addAccounts([
        { userName, active, ...(title && { title }), nickName: 'Hand', ...(mail && { emails: [{ value: mail, type: 'work' }] }) },
      ]);
      return;
    }
    case 'writeByHand': {
      const accounts = lms.accounts();
      const account = accounts[change.who % Math.max(1, accounts.length)];
      if (account) lms.changeAccount(account.id, { profileUrl: 'https://lms.example/by-hand' });
    }
  }
}
