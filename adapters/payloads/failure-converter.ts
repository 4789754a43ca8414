import { DefaultFailureConverter } from '@temporalio/common';

/**
 * Messages and stacks of failures go the way of payloads, encrypted: the LMS's own words may name a person. It stands in a file of its own because the
 * worker loads it by path, inside the workflows' sandbox too.
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
