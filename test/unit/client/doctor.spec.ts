import { examineCodec, examineWorker } from '../../../client/doctor-http';
import { generatePayloadRing } from '../../../adapters/payloads/payload-ring';

const nothing: typeof fetch = () => Promise.reject(new Error('nobody listens'));
const nowhere = { ROLLCALL_FOLDER: '/nonexistent/.rollcall' };

describe('rollcall doctor', () => {
  const ring = generatePayloadRing();

  it('looks for no worker’s health where it is switched off', async () => {
    expect(await examineWorker({ ...nowhere, ROLLCALL_HEALTH_PORT: 'off' }, nothing)).toMatchObject({
      is: 'unknown',
      says: expect.stringContaining('off'),
    });
  });

  it('finds fault with a port that worker and codec server would refuse', async () => {
    const says = { is: 'ill', remedy: expect.stringContaining('docs/environment.md') };
    expect(await examineCodec({ ...nowhere, ROLLCALL_CODEC_PORT: 'off' }, nothing, ring)).toMatchObject(says);
    expect(await examineWorker({ ...nowhere, ROLLCALL_HEALTH_PORT: 'on' }, nothing)).toMatchObject(says);
  });

  it('takes the absence of either for no illness, for they may be elsewhere', async () => {
    expect(await examineWorker(nowhere, nothing)).toMatchObject({ is: 'unknown', says: expect.stringContaining(':9463') });
    expect(await examineCodec(nowhere, nothing, ring)).toMatchObject({ is: 'unknown', says: expect.stringContaining(':8081') });
  });
});
