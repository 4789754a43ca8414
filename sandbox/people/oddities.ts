import type { Chance } from '../controls/chance';
import { ascii, givenNamesWithDiacritics, surnamesWithApostrophe, surnamesWithDiacritics } from './names';
import type { Person } from './person';
import type { HoldingOddity, NamingOddity } from './proportions';

export interface Surroundings {
  chance: Chance;
  domain: string;
  onmicrosoft: string;
  /** Makes a user name that nobody has: `local part` → `local part with a number if need be @domain`. */
  uniqueUpn: (localPart: string, domain: string) => string;
  /** An address that somebody else has and keeps, in capitals or as they have it; none if nobody does. */
  addressOfAnother: (than: Person) => string | undefined;
}

const noBreakSpace = '\u00a0';
const zeroWidthSpace = '\u200b';

function rename(person: Person, givenName: string, surname: string, { uniqueUpn, domain }: Surroundings): void {
  person.givenName = givenName;
  person.surname = surname;
  person.displayName = `${givenName} ${surname}`;
  person.userPrincipalName = uniqueUpn(`${ascii(givenName)}.${ascii(surname)}`.toLowerCase(), domain);
  person.mail = person.userPrincipalName;
}

function withDiacritics(person: Person, around: Surroundings): void {
  rename(person, around.chance.pick(givenNamesWithDiacritics), around.chance.pick(surnamesWithDiacritics), around);
}

/** How naming goes wrong in real directories. */
export const namingOddities: Record<NamingOddity, (person: Person, around: Surroundings) => void> = {
  diacritics: withDiacritics,
  apostrophe: (person, around) => rename(person, person.givenName ?? 'Jo', around.chance.pick(surnamesWithApostrophe), around),
  trailingSpace(person, { chance }) {
    person.displayName += ' ';
    person.surname += chance.pick([' ', '  ', '\t']);
    if (person.employeeId !== null) person.employeeId += ' ';
  },
  noBreakSpace(person) {
    person.displayName = `${person.givenName}${noBreakSpace}${person.surname}`;
    person.department = person.department && `${person.department}${noBreakSpace}`;
  },
  decomposed(person, around) {
    withDiacritics(person, around);
    // Some letters (ø, ł, ß) don't come apart: a name of such alone would not be odd.
    if (person.displayName === person.displayName?.normalize('NFD')) rename(person, 'Renée', person.surname ?? '', around);
    for (const name of ['givenName', 'surname', 'displayName'] as const) person[name] = person[name]?.normalize('NFD') ?? null;
  },
  invisible(person) {
    person.displayName = `${person.givenName}${zeroWidthSpace} ${person.surname}`;
  },
  noMail(person) {
    person.mail = null;
  },
  mailDiffersFromUpn(person, { domain }) {
    person.mail = `${person.userPrincipalName.split('@')[0]}@mail.${domain}`;
  },
  onlyCaseDiffers(person, { domain }) {
    const [localPart = ''] = person.userPrincipalName.split('@');
    person.userPrincipalName = `${localPart.replace(/(^|\.)([a-z])/g, (_, dot: string, letter: string) => dot + letter.toUpperCase())}@${domain}`;
  },
  guest(person, { chance, onmicrosoft, uniqueUpn }) {
    const home = chance.pick(['fabrikam.example', 'partner.example', 'agency.example']);
    const [localPart = ''] = person.userPrincipalName.split('@');
    person.userType = 'Guest';
    person.userPrincipalName = uniqueUpn(`${localPart}_${home}#EXT#`, onmicrosoft);
    person.mail = null;
    person.otherMails = [`${localPart}@${home}`];
    person.employeeId = null;
  },
  duplicateMail(person, { addressOfAnother }) {
    person.mail = addressOfAnother(person) ?? person.mail;
  },
  serviceAccount(person, { chance, domain, uniqueUpn }) {
    const [name, displayName] = chance.pick([
      ['svc-backup', 'Backup service'],
      ['room-atlas', 'Meeting room Atlas'],
      ['info', 'Information desk'],
      ['scan', 'Scanner 3rd floor'],
    ] as const);
    Object.assign(person, {
      givenName: null,
      surname: null,
      displayName,
      jobTitle: null,
      employeeId: null,
      employeeHireDate: null,
      mail: null,
    });
    person.userPrincipalName = uniqueUpn(name, domain);
  },
  onmicrosoftUpn(person, { onmicrosoft, uniqueUpn }) {
    person.userPrincipalName = uniqueUpn(person.userPrincipalName.split('@')[0] ?? '', onmicrosoft);
  },
};

export const holdingOddities: Record<HoldingOddity, (person: Person) => void> = {
  disabled: (person) => void (person.accountEnabled = false),
  noDepartment: (person) => void (person.department = null),
  noEmployeeId: (person) => void (person.employeeId = null),
  noJobTitle: (person) => void (person.jobTitle = null),
  longDepartment: (person) => void (person.department = `${person.department ?? 'Department'} `.repeat(12).trim().slice(0, 64).trim()),
};
