/** Shorter ones would be found by chance in words that have nothing to do with them. */
const shortest = 8; // characters

/**
 * Takes a token out of the text that a server answers, before it is parsed. Servers and gateways have been seen to repeat headers: as they are, as
 * JSON writes them (PHP escapes slashes, .NET whatever means something in HTML), as a URL, in hexadecimal, and in base64, where the letters depend on
 * how many bytes stand before it.
 */
export function withoutToken(token: string): (text: string) => string {
  const bytes = Buffer.from(token);
  const encoded = [0, 1, 2].flatMap((before) => {
    const around = Buffer.concat([Buffer.alloc(before), bytes]);
    const own = (text: string) => text.slice(Math.ceil((before * 8) / 6), Math.floor((around.length * 8) / 6));
    return [own(around.toString('base64')), own(around.toString('base64url'))];
  });
  const json = JSON.stringify(token).slice(1, -1);
  const asPhp = json.replaceAll('/', '\\/');
  const asDotNet = token.replace(
    /[^A-Za-z0-9 !#$%()*,./:;=?@[\]^_{|}~-]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const forms = [json, asPhp, asDotNet, encodeURIComponent(token), bytes.toString('hex'), ...encoded].filter(
    ({ length }) => length >= shortest,
  );
  const longestFirst = [...new Set([token, ...forms])].sort((one, other) => other.length - one.length);
  const pattern = new RegExp(longestFirst.map((form) => form.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('|'), 'gi');
  return (text) => text.replace(pattern, '…');
}
