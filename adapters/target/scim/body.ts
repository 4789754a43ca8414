import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

/**
 * The text of an answer's body, unpacked and without a byte-order mark. JSON is UTF-8 whatever its header says (RFC 8259, 8.1); what is none is read as
 * the header says. Throws for what can't be unpacked, and where it would be longer than `limit` bytes.
 */
export function textOf(packed: Buffer, headers: IncomingHttpHeaders, limit: number): string {
  const body = unpacked(packed, headers['content-encoding'], limit);
  const charset = charsetOf(headers['content-type']);
  const mark = body.length > 1 ? body.readUInt16BE(0) : 0;
  if (mark === 0xfeff || mark === 0xfffe) return decoderOf(mark === 0xfeff ? 'utf-16be' : 'utf-16le').decode(body);
  // Plain letters in UTF-16 are UTF-8 as well, every other one a NUL: there the header is the only word on it.
  const isUtf8Text = charset === undefined || /^utf-?8$/i.test(charset) || (!/^utf-?16/i.test(charset) && isUtf8(body));
  if (!isUtf8Text) return decoderOf(charset).decode(body);
  const text = body.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Some servers compress though they were asked not to. */
function unpacked(body: Buffer, encoding: string | undefined, limit: number): Buffer {
  const options = { maxOutputLength: limit };
  switch (encoding?.trim().toLowerCase() ?? 'identity') {
    case 'identity':
    case '':
      return body;
    case 'gzip':
    case 'x-gzip':
      return gunzipSync(body, options);
    case 'deflate':
      // zlib's form by the standard (RFC 9110, 8.4.1.2), the bare one by many.
      return hasZlibHeader(body) ? inflateSync(body, options) : inflateRawSync(body, options);
    case 'br':
      return brotliDecompressSync(body, options);
    default:
      throw new Error(`an answer in the encoding ${encoding}, which was not asked for`);
  }
}

/** RFC 1950, 2.2. */
function hasZlibHeader(body: Buffer): boolean {
  return body.length > 1 && ((body[0] as number) & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0;
}

function charsetOf(contentType: string | undefined): string | undefined {
  return /;\s*charset\s*=\s*"?([\w:.-]+)/i.exec(contentType ?? '')?.[1];
}

function decoderOf(charset: string): { decode(body: Buffer): string } {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder('utf-8'); // a name that nobody knows
  }
}
