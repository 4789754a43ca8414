import * as fc from 'fast-check';
import { withoutToken } from '../../../adapters/target/scim/without-token';

const token = 'Kanari.target+token/._~-0123456789==';

describe('what an LMS answers is rid of our token', () => {
  test.each([
    ['as it was sent', `Bearer ${token}`],
    ['in a URL', `?token=${encodeURIComponent(token)}`],
    ['in hexadecimal', Buffer.from(token).toString('hex').toUpperCase()],
    ['as PHP writes JSON', JSON.stringify({ detail: token }).replaceAll('/', '\\/')],
    ['as .NET writes JSON', JSON.stringify({ detail: token }).replaceAll('+', '\\u002B')],
  ])('%s', (_title, text) => {
    expect(withoutToken(token)(`<${text}>`)).toMatch(/^<[^K]*…[^K]*>$/);
  });

  test('in base64, wherever in the encoded text it stands', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.constantFrom('base64' as const, 'base64url' as const), (before, behind, encoding) => {
        const text = withoutToken(token)(Buffer.from(`${before}${token}${behind}`).toString(encoding));
        expect(Buffer.from(text.replace('…', ''), encoding).toString()).not.toContain(token.slice(4, -4));
        expect(text).toContain('…');
      }),
    );
  });

  test('and of nothing else', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(withoutToken(token)(text)).toBe(text)));
    expect(withoutToken('a(b')('title, not a(b)')).toBe('title, not …)');
  });
});
