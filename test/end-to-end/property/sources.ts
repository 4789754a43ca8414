import { plain, type Person } from './truth';

/** How a value is read from somebody. `text` is an attribute as two people would read it alike; `raw` is every character of it. */
export interface Reading {
  text(attribute: keyof Person): string | undefined;
  manager?: Pick<Person, 'mail' | 'displayName'>;
}

/** One expression as a customer may write it, beside what it must give, worked out by hand and not by the mapping's own code. */
interface Source {
  expression: unknown;
  gives(reading: Reading): string | undefined;
}

const constant = (text: string) => ({ constant: text });
const attribute = (name: keyof Person): Source => ({ expression: name, gives: ({ text }) => text(name) });

/** Letters that Entra's reference lists beside the accents. */
const letters: Record<string, string> = { ß: 'ss', ø: 'oe', Ø: 'OE', æ: 'ae', Æ: 'AE', ł: 'l', Ł: 'L', đ: 'd', Đ: 'D', ı: 'i' };

export const fieldSources = {
  givenName: attribute('givenName'),
  surname: attribute('surname'),
  displayName: attribute('displayName'),
  mail: attribute('mail'),
  userPrincipalName: attribute('userPrincipalName'),
  jobTitle: attribute('jobTitle'),
  department: attribute('department'),
  officeLocation: attribute('officeLocation'),
  employeeId: attribute('employeeId'),
  employeeType: attribute('employeeType'),
  mobilePhone: attribute('mobilePhone'),
  'the manager’s mail': { expression: 'manager.mail', gives: ({ manager }) => plain(manager?.mail) },
  'the manager’s name': { expression: 'manager.displayName', gives: ({ manager }) => plain(manager?.displayName) },
  'office, else city, else a word': {
    expression: { Coalesce: ['officeLocation', 'city', constant('Nowhere')] },
    gives: ({ text }) => text('officeLocation') ?? text('city') ?? 'Nowhere',
  },
  'mail, else UPN': {
    expression: { Coalesce: ['mail', 'userPrincipalName'] },
    gives: ({ text }) => text('mail') ?? text('userPrincipalName'),
  },
  'surname, given name': {
    expression: { Join: [constant(', '), 'surname', 'givenName'] },
    gives: ({ text }) => [text('surname'), text('givenName')].filter((one) => one !== undefined).join(', '),
  },
  'UPN in lower case': { expression: { ToLower: ['userPrincipalName'] }, gives: ({ text }) => text('userPrincipalName')?.toLowerCase() },
  'name in capitals': { expression: { ToUpper: ['displayName'] }, gives: ({ text }) => text('displayName')?.toUpperCase() },
  'three letters of the department': {
    expression: { Left: ['department', constant('3')] },
    gives: ({ text }) => text('department')?.slice(0, 3),
  },
  'digits 2 to 4 of the number': {
    expression: { Mid: ['employeeId', constant('2'), constant('3')] },
    gives: ({ text }) => text('employeeId')?.slice(1, 4),
  },
  'number with a suffix': {
    expression: { Append: ['employeeId', constant('.x')] },
    gives: ({ text }) => (text('employeeId') === undefined ? undefined : `${text('employeeId')}.x`),
  },
  'title with e for 3': {
    expression: { Replace: ['jobTitle', constant('e'), constant('3')] },
    gives: ({ text }) => text('jobTitle')?.replace(/e/g, '3'),
  },
  'a letter for the department': {
    expression: { Switch: ['department', constant('Other'), constant('Sales'), constant('S'), constant('Robots'), constant('R')] },
    gives: ({ text }) => ({ Sales: 'S', Robots: 'R' })[text('department') ?? ''] ?? 'Other',
  },
  'whether there is mail': {
    expression: { IIF: [{ IsPresent: ['mail'] }, constant('has mail'), 'userPrincipalName'] },
    gives: ({ text }) => (text('mail') === undefined ? text('userPrincipalName') : 'has mail'),
  },
  'surname without accents': {
    expression: { NormalizeDiacritics: ['surname'] },
    gives: ({ text }) =>
      text('surname')
        ?.normalize('NFD')
        .replace(/[\u0300-\u036f]/g, '')
        .replace(/./gu, (letter) => letters[letter] ?? letter),
  },
  'second word of the name': {
    expression: { Word: ['displayName', constant('2'), constant(' ')] },
    gives: ({ text }) => text('displayName')?.split(' ').filter(Boolean)[1],
  },
  'day of hire': {
    expression: { FormatDateTime: ['employeeHireDate', constant(''), constant('dd/MM/yyyy')] },
    gives: ({ text }) => text('employeeHireDate')?.slice(0, 10).split('-').reverse().join('/'),
  },
} satisfies Record<string, Source>;
export type FieldSource = keyof typeof fieldSources;

/** User names are made of what the directory says to the letter: a tab inside one is refused, not taken out. */
export const nameSources = {
  UPN: attribute('userPrincipalName'),
  mail: attribute('mail'),
  'employee number': attribute('employeeId'),
  'object id': attribute('id'),
  'mail, else UPN': fieldSources['mail, else UPN'],
  'UPN in lower case': fieldSources['UPN in lower case'],
  'number with a domain': {
    expression: { Append: ['employeeId', constant('@lms.example')] },
    gives: ({ text }) => (text('employeeId') === undefined ? undefined : `${text('employeeId')}@lms.example`),
  },
} satisfies Record<string, Source>;
export type NameSource = keyof typeof nameSources;

/** Rules of scoping filters; what holds for somebody, letter case minded. */
export const rules = {
  'works for Robots': {
    clauses: [{ attribute: 'department', operator: 'EQUALS', value: 'Robots' }],
    holds: (p) => plain(p.department) === 'Robots',
  },
  'has no title': { clauses: [{ attribute: 'jobTitle', operator: 'IS NULL' }], holds: (p) => plain(p.jobTitle) === undefined },
  'has a department': { clauses: [{ attribute: 'department', operator: 'IS NOT NULL' }], holds: (p) => plain(p.department) !== undefined },
  'is called svc-something': {
    clauses: [{ attribute: 'userPrincipalName', operator: 'STARTS WITH', value: 'svc-' }],
    holds: (p) => (plain(p.userPrincipalName) ?? '').startsWith('svc-'),
  },
  'is no contractor with an office': {
    clauses: [
      { attribute: 'employeeType', operator: 'NOT EQUALS', value: 'Contractor' },
      { attribute: 'officeLocation', operator: 'IS NOT NULL' },
    ],
    holds: (p) => plain(p.employeeType) !== undefined && plain(p.employeeType) !== 'Contractor' && plain(p.officeLocation) !== undefined,
  },
} satisfies Record<string, { clauses: object[]; holds(person: Person): boolean }>;
export type Rule = keyof typeof rules;
