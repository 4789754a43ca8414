/** What must not be found, by what it is called in a test's message. */
export type Sought = Readonly<Record<string, string>>;

/** Where something that was sought stands: who, in which form, and what is around it. */
export interface Trace {
  what: string;
  form: string;
  near: string;
}

/** Every trace of the values in some bytes: as they are, as URLs, JSON, hexadecimal or base64 (at any of its three alignments) would hold them. */
export function tracesOf(sought: Sought, bytes: Buffer | string): Trace[] {
  const hay = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes);
  return Object.entries(sought).flatMap(([what, value]) =>
    formsOf(value).flatMap(([form, needle]) => {
      const at = hay.indexOf(needle);
      return at < 0 ? [] : [{ what, form, near: hay.subarray(Math.max(0, at - 80), at + needle.length + 40).toString('latin1') }];
    }),
  );
}

export function formsOf(value: string): [form: string, needle: Buffer][] {
  const bytes = Buffer.from(value);
  const forms: [string, string][] = [
    ['plain', value],
    ['JSON', JSON.stringify(value).slice(1, -1)],
    ['URL', encodeURIComponent(value)],
    ['form', new URLSearchParams({ value }).toString().slice('value='.length)],
    ['hex', bytes.toString('hex')],
    ...[0, 1, 2].flatMap((before): [string, string][] => {
      const around = Buffer.concat([Buffer.alloc(before), bytes]);
      // The letters that depend on the value alone, whatever stands before and behind it.
      const own = (text: string) => text.slice(Math.ceil((before * 8) / 6), Math.floor((around.length * 8) / 6));
      return [
        [`base64+${before}`, own(around.toString('base64'))],
        [`base64url+${before}`, own(around.toString('base64url'))],
      ];
    }),
    ['UTF-16', Buffer.from(value, 'utf16le').toString('latin1')],
  ];
  const seen = new Map(forms.map(([form, text]) => [text, form] as const).reverse());
  return [...seen].map(([text, form]) => [form, Buffer.from(text, form === 'UTF-16' ? 'latin1' : 'utf8')]);
}
