import { plainText } from './plain-text';

const joiners = /[\u200c\u200d]/g;

/** Turns the direction of what follows, so that the name reads as another one. */
const turning = /[\u202a-\u202e\u2066-\u2069]/;

/** Line breaks and tabs inside a name, control characters, and what a broken encoding leaves: none of it was meant. */
const broken = /[\u0000-\u001f\u007f-\u009f\ufffd]|\p{Surrogate}|\p{Noncharacter_Code_Point}/u;

/** What passes for a blank or for nothing and is neither: fillers, the empty Braille cell, tags. */
const unseen = /[\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u{e0000}-\u{e0fff}]/u;

/** How Entra renames a user that is deleted but can still be restored: the object id without dashes, then the old name. */
const softDeleted = /^[0-9a-f]{32}[^@]+@/i;

export function isNameOfSoftDeleted(userPrincipalName: string): boolean {
  return softDeleted.test(userPrincipalName);
}

const simple = /^[\x21-\x7e]+$/;

/**
 * A user name as it is written, or why it can't be one. Blanks around it and characters that can't be seen are dropped, since two spellings of one
 * person must stay one; what would make it pass for another person's name is refused.
 */
export function userNameOf(value: string): { userName: string } | 'missing' | 'invalid' {
  if (simple.test(value)) return isNameOfSoftDeleted(value) ? 'invalid' : { userName: value };
  if (value.trim() === '') return 'missing';
  const trimmed = value.trim();
  if (broken.test(trimmed) || turning.test(trimmed) || unseen.test(trimmed)) return 'invalid';
  const userName = plainText(trimmed)?.replace(joiners, '').trim();
  return !userName || isNameOfSoftDeleted(userName) ? 'invalid' : { userName };
}
