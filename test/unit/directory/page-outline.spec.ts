import fc from 'fast-check';
import { pageOf } from '../../../adapters/directory/member-page';
import { outlineOf } from '../../../adapters/directory/page-outline';

const context = 'https://graph.example/v1.0/$metadata#users';
const link = 'https://graph.example/v1.0/groups/g/members?$skiptoken=A%5D%22%7D';
const someone = { id: '1', accountEnabled: true, displayName: 'Zoë ]} "quoted" \\' };
const bytes = (value: unknown, space?: number) => Buffer.from(JSON.stringify(value, undefined, space));
const page = (value: unknown[], next: string | undefined = link) => ({ '@odata.context': context, '@odata.nextLink': next, value });

describe('what is told of a page without parsing it', () => {
  it('finds the next link before the members, behind them, and between blanks', () => {
    expect(outlineOf(bytes(page([someone])))?.next).toBe(link);
    expect(outlineOf(bytes({ '@odata.context': context, value: [someone], '@odata.nextLink': link }))?.next).toBe(link);
    expect(outlineOf(bytes(page([someone]), 2))?.next).toBe(link);
    expect(outlineOf(bytes({ '@odata.count': 12, '@odata.nextLink': link, value: [] }))?.next).toBe(link);
  });

  it('unescapes the link', () => {
    const escaped = `{"@odata.nextLink":"https:\\/\\/graph.example\\/v1.0\\/x?a=\\u0026","value":[]}`;
    expect(outlineOf(Buffer.from(escaped))?.next).toBe('https://graph.example/v1.0/x?a=&');
  });

  it('says that a page is the last only when its bytes mention no next link', () => {
    expect(outlineOf(bytes({ '@odata.context': context, value: [someone] }))).toMatchObject({ next: undefined });
    const odd = { value: [someone], '@odata.nextLink': link, more: [{ deep: 1 }] };
    expect(outlineOf(bytes(odd))).toBeUndefined();
    expect(pageOf(bytes(odd)).next).toBe(link);
  });

  it('takes no next link from what a member is called', () => {
    const named = { id: '2', displayName: '"@odata.nextLink":"https://elsewhere.example/"' };
    expect(outlineOf(bytes({ value: [named] }))).toMatchObject({ next: undefined });
  });

  it('agrees with a parser about any page', () => {
    const member = fc.record({ id: fc.uuid(), name: fc.string({ unit: 'binary' }), list: fc.array(fc.string()) });
    fc.assert(
      fc.property(
        fc.array(member),
        fc.option(fc.webUrl({ withQueryParameters: true }), { nil: undefined }),
        fc.boolean(),
        fc.nat(3),
        (value, next, first, space) => {
          const body = first ? { '@odata.context': context, '@odata.nextLink': next, value } : { value, '@odata.nextLink': next };
          expect(pageOf(bytes(body, space)).next).toBe(next);
        },
      ),
    );
  });
});

describe('the fingerprint of a page', () => {
  const fingerprint = (value: unknown) => pageOf(bytes(value)).fingerprint;

  it('stays the same when only the next link or the context is another', () => {
    const one = fingerprint(page([someone]));
    expect(fingerprint({ ...page([someone], 'https://graph.example/other'), '@odata.context': 'https://other.example/' })).toBe(one);
    expect(fingerprint({ value: [someone], '@odata.nextLink': 'a' })).toBe(fingerprint({ value: [someone], '@odata.nextLink': 'bcd' }));
  });

  it('changes with anything about anybody', () => {
    const change = fc.oneof(fc.constant('displayName'), fc.constant('id'));
    fc.assert(
      fc.property(change, fc.string(), (attribute, value) => {
        fc.pre(value !== someone[attribute as 'id']);
        expect(fingerprint(page([{ ...someone, [attribute]: value }]))).not.toBe(fingerprint(page([someone])));
      }),
    );
  });

  it('is never that of the whole page when the page broke off, wherever that was', () => {
    const whole = bytes({ '@odata.context': context, value: [someone, { ...someone, manager: { id: '9' } }], '@odata.nextLink': link });
    const { fingerprint: right } = pageOf(whole);
    for (let length = 0; length < whole.length; length++) {
      const cut = whole.subarray(0, length);
      const seen = (() => {
        try {
          return pageOf(cut).fingerprint;
        } catch (error) {
          return (error as { code?: string }).code;
        }
      })();
      expect(seen).not.toBe(right);
      expect(() => pageOf(cut).members()).toThrow(/broke off|did not answer properly/);
    }
  });
});
