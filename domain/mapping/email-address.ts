/** Most addresses, told by one test. */
const usual = /^[\w'+-]+(?:\.[\w'+-]+)*@[a-z0-9]+(?:[.-][a-z0-9]+)*\.[a-z]{2,}$/i;

/**
 * Whether mail could be sent there: one part, an `@`, a host with a dot, no blanks, none of the characters that only quoting allows, at most 254 long
 * (RFC 5321, 4.5.3.1.3). Letters beyond ASCII pass (RFC 6531). A guest's `x_y.com#EXT#@tenant` and a deleted user's name are no addresses.
 */
export function isPlausibleAddress(value: string): boolean {
  if (value.length <= 64 && usual.test(value)) return true;
  if (value.length > 254) return false;
  const at = value.indexOf('@');
  return at > 0 && at <= 64 && at === value.lastIndexOf('@') && isLocalPart(value.slice(0, at)) && isHost(value.slice(at + 1));
}

function isLocalPart(part: string): boolean {
  return (
    !/[\s()<>[\]:;,\\"\p{Cc}\p{Cf}]/u.test(part) &&
    !part.startsWith('.') &&
    !part.endsWith('.') &&
    !part.includes('..') &&
    !/#ext#$/i.test(part)
  );
}

function isHost(host: string): boolean {
  const labels = host.split('.');
  return (
    labels.length > 1 &&
    labels.every((label) => label.length <= 63 && /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u.test(label))
  );
}
