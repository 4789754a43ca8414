import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLms } from '../../../sandbox/lms/lms';
import { urn } from '../../../sandbox/lms/scim';
import { ScimClient } from './scim-client';
import { scimServerContract } from './scim-contract';

describe('the LMS made of scimmy', () => {
  scimServerContract(() => startLms({ kind: 'scimmy' }));

  test('takes a manager as an object only, not the id at manager.value', async () => {
    const lms = await startLms({ kind: 'scimmy' });
    const scim = new ScimClient(lms);
    const { id } = (await scim.create({ userName: 'a', [urn.enterprise]: { manager: { value: 'boss' } } })).body;
    expect((await scim.patch(id, { op: 'replace', path: `${urn.enterprise}:manager.value`, value: 'other' })).status).toBe(400);
    expect(lms.account(id)?.[urn.enterprise]).toEqual({ manager: { value: 'boss' } });
    await lms.close();
  });

  test('of which two work in one process, keep their accounts and addresses apart', async () => {
    const [one, other] = await Promise.all([startLms({ kind: 'scimmy' }), startLms({ kind: 'scimmy' })]);
    const made = await Promise.all([one, other].map((lms) => new ScimClient(lms).create({ userName: 'a' })));
    expect(made.map(({ status }) => status)).toEqual([201, 201]);
    expect(made.map(({ body }) => body.meta.location.split('/Users/')[0])).toEqual([one.baseUrl, other.baseUrl]);
    await Promise.all([one.close(), other.close()]);
  });

  test('goes on from the accounts that it had, when it is started again with its folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lms-'));
    const first = await startLms({ kind: 'scimmy', folder });
    const scim = new ScimClient(first);
    const { id } = (await scim.create({ userName: 'a', externalId: 'x' })).body;
    const gone = (await scim.create({ userName: 'b' })).body;
    await scim.patch(id, { op: 'replace', path: 'active', value: false });
    await scim.send('DELETE', `/Users/${gone.id}`);
    const before = first.accounts();
    await first.close();

    const second = await startLms({ kind: 'scimmy', folder });
    const withoutAddress = (accounts: ReturnType<typeof second.accounts>) =>
      accounts.map(({ meta: { location: _location, ...meta }, ...rest }) => ({ ...rest, meta }));
    expect(withoutAddress(second.accounts())).toEqual(withoutAddress(before));
    expect((await new ScimClient(second).find('externalId eq "x"')).body.Resources).toEqual(second.accounts());
    expect((await new ScimClient(second).create({ userName: 'A' })).status).toBe(409);
    await second.close();
  });
});
