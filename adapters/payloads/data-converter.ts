import type { DataConverter } from '@temporalio/common';
import { createPayloadCodec } from './payload-codec';
import type { PayloadRing } from './payload-ring';

/** For `bundleWorkflowCode` as well: a bundle made without it would write failures in the clear. */
export const failureConverterPath = require.resolve('./failure-converter');

/** What every client and worker of Rollcall speaks with. */
export function createDataConverter(ring: PayloadRing): DataConverter {
  return { payloadCodecs: [createPayloadCodec(ring)], failureConverterPath };
}
