import { scimUnderTest } from './scim-under-test';
import { targetContract } from './target-contract';

targetContract('An LMS made of scimmy', () => scimUnderTest({ kind: 'scimmy' }));
targetContract('The lean LMS', () => scimUnderTest({ kind: 'lean' }));
