import type { LookUpRequest } from '../domain/look-up/request';
import type { LookUpPage } from '../domain/look-up/rows';

export type { LookUpRequest, LookUpPage };

export interface LookUpSteps {
  /**
   * One page of rows, in an order that doesn't change while pages are turned. At most `limit` rows (default `usualRows`) and `mostBytes` bytes: `pageOf` of domain/look-up/page.ts sees to it.
   * The request is checked already (`faultsOfLookUp`). Throws `CustomerUnknown`; a cursor that isn't one of ours is `Refused`.
   */
  lookUpRows(request: LookUpRequest): Promise<LookUpPage>;
}
