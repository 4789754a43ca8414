import { scimUnderTest } from './scim-under-test';
import { targetContract } from './target-contract';

// Seven hundred accounts one by one, on a machine that others may be using as well.
jest.setTimeout(30_000);

targetContract('An LMS made of scimmy', () => scimUnderTest({ kind: 'scimmy' }));
targetContract('The lean LMS', () => scimUnderTest({ kind: 'lean' }));
