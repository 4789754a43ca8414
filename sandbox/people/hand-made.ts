import { Chance } from '../controls/chance';
import type { Population } from './person';

/** An account that somebody made in the LMS by hand, before there was a sync. */
export interface HandMadeAccount {
  /**
   * `unrelated`: nobody's business · `adoptable`: the user name is exactly one member's, letter case apart ·
   * `ambiguous`: one of two accounts with the e-mail address of the same member, neither with their user name.
   */
  kind: 'unrelated' | 'adoptable' | 'ambiguous';
  /** The member it belongs to, if to one; for the test's eyes, not for the LMS. */
  memberId?: string;
  userName: string;
  email: string;
  displayName: string;
  givenName: string;
  familyName: string;
  active: boolean;
}

export interface HandMadeOptions {
  unrelated?: number;
  adoptable?: number;
  /** Members with two accounts each. */
  ambiguous?: number;
}

/** Which accounts should already be in the LMS. The same for the same population and seed. Default: 2 % unrelated, 3 % to be adopted, 0.5 % ambiguous. */
export function handMadeAccounts({ members, domain }: Population, seed: number, options: HandMadeOptions = {}): HandMadeAccount[] {
  const chance = new Chance(seed ^ 0x4a);
  const share = (part: number) => Math.max(members.length > 0 ? 1 : 0, Math.round(members.length * part));
  const { unrelated = share(0.02), adoptable = share(0.03), ambiguous = share(0.005) } = options;
  const accounts: HandMadeAccount[] = [];
  for (let number = 1; number <= unrelated; number++) {
    const userName = number % 3 === 0 ? `trainer${number}` : `external.trainer${number}@academy.example`;
    const email = `external.trainer${number}@academy.example`;
    const name = { displayName: `Trainer ${number}`, givenName: 'Trainer', familyName: String(number) };
    accounts.push({ kind: 'unrelated', userName, email, ...name, active: number % 10 !== 0 });
  }
  const mailUses = new Map<string, number>();
  for (const { mail } of members) if (mail) mailUses.set(mail.toLowerCase(), (mailUses.get(mail.toLowerCase()) ?? 0) + 1);
  // Whoever has one address for user name and mail, theirs alone, matches whichever of the two a customer chose.
  const clear = members.filter(
    ({ mail, userPrincipalName, accountEnabled }) =>
      accountEnabled && mail?.toLowerCase() === userPrincipalName.toLowerCase() && mailUses.get(mail.toLowerCase()) === 1,
  );
  const chosen = draw(clear, adoptable + ambiguous, chance);
  for (const [index, person] of chosen.entries()) {
    const userName = person.userPrincipalName;
    const name = { displayName: person.displayName ?? userName, givenName: person.givenName ?? '', familyName: person.surname ?? '' };
    const same = { memberId: person.id, email: userName.toLowerCase(), ...name, active: true };
    if (index < adoptable) {
      accounts.push({ kind: 'adoptable', ...same, userName: index % 4 === 3 ? userName.toUpperCase() : userName });
      continue;
    }
    const [localPart] = userName.split('@');
    accounts.push(
      { kind: 'ambiguous', ...same, userName: `${localPart}.old@${domain}` },
      { kind: 'ambiguous', ...same, userName: `${localPart}-2` },
    );
  }
  return accounts;
}

function draw<T>(from: readonly T[], count: number, chance: Chance): T[] {
  const deck = [...from];
  const drawn: T[] = [];
  while (drawn.length < count && deck.length > 0) {
    const index = chance.below(deck.length);
    drawn.push(deck[index] as T);
    deck[index] = deck[deck.length - 1] as T;
    deck.pop();
  }
  return drawn;
}
