/** What no log line, health answer or error page may show, taken out by name and by look. */

const secretName = /token|secret(?!Expir)|passw|authorization|cookie|^credentials?$|assertion|sealed|private.?key|api.?key/i;

/** Names of fields that hold a person's data, as the directory and SCIM call them. */
const personalName =
  /^(?:(?:new|old|previous)?(?:user_?name|user_?principal_?name|upn|e?mails?|display_?name|given_?name|family_?name|first_?name|last_?name|surname|nick_?name|name|phone\w*|mobile\w*|manager|street_?address|member|account|before|after|desired|fields|custom_?fields))$/i;

/** JSON Web Tokens and sealed values; what follows a scheme of authorisation; passwords within URLs. */
const secretLooks: [RegExp, string][] = [
  [/\beyJ[\w-]{8,}(?:\.[\w-]*){2,4}/g, '[secret]'],
  [/\b(Bearer|Basic)\s+[\w+/=.~-]{6,}/gi, '$1 [secret]'],
  [/(\b[a-z][a-z\d+.-]*:\/\/[^\s:/@]*):[^\s@/]+@/gi, '$1:[secret]@'],
  [/\b(client_secret|client_assertion|access_token|password)=[^&\s]+/gi, '$1=[secret]'],
];

/** An e-mail address or user principal name, but not one within a URL's authority. */
const address = /(?<![/:\w])[^\s@<>()[\]{}"'“”’,;:=/]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/gu;

/** `personal`: whether people's data may stay. */
export interface Allowed {
  personal: boolean;
}

export function scrubText(text: string, { personal }: Allowed): string {
  const open = secretLooks.reduce((rest, [looks, instead]) => rest.replace(looks, instead), text);
  return personal ? open : open.replace(address, '[address]');
}

/** A copy without secrets and, unless they are allowed, without people's data. Errors become plain objects. */
export function scrub(value: unknown, allowed: Allowed, depth = 0): unknown {
  if (typeof value === 'string') return scrubText(value, allowed);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 8) return '[…]';
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((entry) => scrub(entry, allowed, depth + 1));
  if (value instanceof Error) return scrubError(value, allowed, depth);
  return scrubEntries(value, allowed, depth);
}

function scrubEntries(value: object, allowed: Allowed, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      name,
      isHidden(name, allowed) && entry !== undefined ? '[hidden]' : scrub(entry, allowed, depth + 1),
    ]),
  );
}

/** `details` of a Temporal failure may be whole objects of a customer's: they stay out above debug. */
function scrubError(error: Error, allowed: Allowed, depth: number): Record<string, unknown> {
  const { name, message, stack, cause, ...rest } = error as Error & Record<string, unknown>;
  const { details, failure: _wire, ...own } = rest;
  return {
    name,
    message: scrubText(message, allowed),
    ...(typeof stack === 'string' && { stack: scrubText(stack, allowed) }),
    ...scrubEntries(own, allowed, depth),
    ...(allowed.personal && details !== undefined && { details: scrub(details, allowed, depth + 1) }),
    ...(cause !== undefined && { cause: scrub(cause, allowed, depth + 1) }),
  };
}

function isHidden(name: string, { personal }: Allowed): boolean {
  return secretName.test(name) || (!personal && personalName.test(name));
}
