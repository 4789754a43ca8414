/** What has to be looked at twice; most values have none of it. */
const unusual = /[^\x20-\x7e]/;
const blank = 0x20;

/** Blanks that look like a space and aren't one: no-break, en and em spaces, narrow and ideographic ones. */
const blanks = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;

/**
 * Characters that nobody sees and that come from copying: control characters (line breaks and tabs excepted), soft hyphens, zero-width spaces, word
 * joiners, byte-order marks, direction marks. The two joiners (U+200C, U+200D) stay: Persian, Indic scripts and emoji need them.
 */
const invisible =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g;

/** Halves of characters, which no target could store. */
const halves = /\p{Surrogate}/gu;

/**
 * A value as two people would read it alike: composed (NFC), ordinary spaces for look-alikes, nothing that can't be seen, no blanks around it. Diacritics
 * and letter case are kept. Nothing is left of an empty or blank value: `undefined`. Idempotent.
 */
export function plainText(value: string): string | undefined {
  const { length } = value;
  if (length > 0 && value.charCodeAt(0) !== blank && value.charCodeAt(length - 1) !== blank && !unusual.test(value)) return value;
  const plain = plainPiece(value).trim();
  return plain === '' ? undefined : plain;
}

/** The same of a piece of a value, whose blanks at the ends may lie between two words. */
export function plainPiece(piece: string): string {
  return piece.replace(blanks, ' ').replace(invisible, '').replace(halves, '').normalize('NFC');
}
