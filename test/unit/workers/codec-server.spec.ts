import { request } from 'node:http';
import { generatePayloadRing } from '../../../adapters/payloads/payload-ring';
import { startCodecServer, type CodecServer } from '../../../workers/codec-server';

const ui = 'http://127.0.0.1:8080';
const plain = { metadata: { encoding: Buffer.from('json/plain').toString('base64') }, data: Buffer.from('"Zoë"').toString('base64') };
let server: CodecServer;

beforeAll(async () => {
  server = await startCodecServer({ ring: generatePayloadRing(), port: 0, origins: [ui] });
});
afterAll(() => server.close());

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

describe('the codec server', () => {
  it('gives back what it encoded, also below a path of a proxy', async () => {
    const encoded = (await (await post('/encode', { payloads: [plain, plain] })).json()) as { payloads: (typeof plain)[] };
    expect(encoded.payloads).toHaveLength(2);
    expect(encoded.payloads[0]?.data).not.toBe(plain.data);
    expect(await (await post('/codec/decode', encoded)).json()).toEqual({ payloads: [plain, plain] });
  });

  it.each([{}, { payloads: null }, { payloads: [] }])('answers %j, a query without arguments, with no payloads', async (nothing) => {
    const answer = await post('/encode', nothing);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ payloads: [] });
  });

  it('lets pages of the Temporal UI ask, with what the UI sends', async () => {
    const answer = await fetch(`${server.url}/decode`, {
      method: 'OPTIONS',
      headers: { origin: ui, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type,x-namespace' },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe(ui);
    expect(answer.headers.get('access-control-allow-headers')).toMatch(/x-namespace, content-type/);
    expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
    expect((await post('/decode', { payloads: [] }, { origin: ui })).headers.get('access-control-allow-origin')).toBe(ui);
  });

  it.each(['https://evil.example', 'null', `${ui}.evil.example`])('decodes nothing for a page of %s', async (origin) => {
    const answer = await post('/decode', { payloads: [plain] }, { origin });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(await answer.text()).toContain('ROLLCALL_CODEC_ORIGINS');
  });

  it.each([
    ['text that is no JSON', '/decode', '{', 400],
    ['JSON of another shape', '/decode', { payloads: [{ data: 1 }] }, 400],
    ['metadata that is no base64', '/decode', { payloads: [{ metadata: { encoding: '€' } }] }, 400],
    ['a list in place of the payloads’ object', '/decode', [], 400],
    ['null', '/decode', 'null', 400],
    ['another path', '/other', {}, 404],
  ])('refuses %s', async (_what, path, body, status) => {
    expect((await post(path, body)).status).toBe(status);
  });

  it('refuses what is no JSON by its type, and any other method', async () => {
    expect((await post('/decode', 'x', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await fetch(`${server.url}/decode`)).status).toBe(405);
  });

  it('says which key is missing', async () => {
    const other = await startCodecServer({ ring: generatePayloadRing(), port: 0, origins: [] });
    const encoded: unknown = await (await post('/encode', { payloads: [plain] })).json();
    const answer = await fetch(`${other.url}/decode`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(encoded),
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(/not in this ring.*ROLLCALL_PAYLOAD_KEYS/);
    await other.close();
  });

  it('stops reading what is too large', async () => {
    const status = await new Promise((resolve, reject) => {
      const big = request(`${server.url}/decode`, { method: 'POST', headers: { 'content-type': 'application/json' } }, (response) => {
        big.destroy();
        resolve(response.statusCode);
      });
      big.on('error', reject);
      const piece = Buffer.alloc(1024 * 1024, 'x');
      for (let sent = 0; sent < 33; sent += 1) big.write(piece);
    });
    expect(status).toBe(413);
  });
});
