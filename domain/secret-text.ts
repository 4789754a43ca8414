type Wrong = readonly (readonly [RegExp, string])[];

/** What comes with copying, and never with a secret. */
const copied: Wrong = [
  [/[\r\n]/, 'a line end'],
  [/^\s|\s$/, 'a blank before or behind it'],
  [/[\u2018-\u201f\u00ab\u00bb]/, 'a typographic quotation mark'],
  [/[\p{Cc}\p{Cf}\u00a0]/u, 'an invisible character'],
];

/** A token goes into a header, which holds nothing but visible ASCII for certain; a client secret goes into a form. */
const wrong: Readonly<Record<'directory' | 'target', Wrong>> = {
  directory: copied,
  target: [...copied, [/[^\x21-\x7e]/, 'a blank or a letter that is no ASCII']],
};

/** Why a secret can't be the one that was meant; repeats no part of it. */
export function secretFault(secret: string, purpose: 'directory' | 'target'): string | undefined {
  if (secret.trim() === '') return 'it is empty';
  const [, seen] = wrong[purpose].find(([pattern]) => pattern.test(secret)) ?? [];
  return seen && `it holds ${seen}: copy it again from where it was made, and nothing beside it`;
}
