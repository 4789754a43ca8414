import { plainText } from './plain-text';

const joiners = /[\u200c\u200d]/g;

/**
 * What two user names have in common when they are the same person's: composed, without blanks around it, without what can't be seen, in lower case.
 * For comparing only; never written anywhere.
 */
export function userNameKeyOf(userName: string): string {
  return (plainText(userName) ?? '').replace(joiners, '').toLowerCase().normalize('NFC');
}
