import { plainText } from './plain-text';

/** All that Unicode lets be invisible: joiners, variation selectors, fillers, tags. */
const ignorable = /\p{Default_Ignorable_Code_Point}/gu;

/** As nearly all user names are: nothing to compose, nothing to leave out. */
const isPlain = /^[\x21-\x7e]+$/;

/**
 * What two user names have in common when they are the same person's: composed, without blanks around it, without what can't be seen, in lower case
 * (a sigma at the end of a word is a sigma). For comparing only; never written anywhere.
 */
export function userNameKeyOf(userName: string): string {
  if (isPlain.test(userName)) return userName.toLowerCase();
  return (plainText(userName) ?? '').replace(ignorable, '').toLowerCase().replaceAll('ς', 'σ').normalize('NFC').trim();
}
