/** Blanks that look like one: no-break, narrow, ideographic and typographic spaces. */
const blanks = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;
/** What can't be seen: zero-width characters, joiners, direction marks, soft hyphens, byte-order marks, controls. */
const invisible =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]/g;
const unusual = /[^\x20-\x7e]/;

/** One spelling for what looks the same: NFC, ordinary blanks, nothing invisible, nothing at the ends. */
export function normalised(text: string): string {
  if (!unusual.test(text)) return text.trim();
  return text.normalize('NFC').replace(blanks, ' ').replace(invisible, '').trim();
}

/** The form in which two user names are one person's: what targets compare, which is without case nearly everywhere. */
export function userNameKeyOf(userName: string): string {
  return normalised(userName).toLowerCase();
}
