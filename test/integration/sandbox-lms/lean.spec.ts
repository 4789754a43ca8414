import { startLms } from '../../../sandbox/lms/lms';
import { scimServerContract } from './scim-contract';

describe('the lean LMS', () => {
  scimServerContract(() => startLms({ kind: 'lean' }));
});
