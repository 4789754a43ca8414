import type { Binding } from '../../domain/sealed-value';
import { open } from './sealing';
import { kidsOf, publicKeyOf, type PublicSealingKey, type SealingRing } from './sealing-ring';

/** A worker's side of sealing. */
export interface Credentials {
  /** What others seal to; shown by a look-up. */
  sealingKey(): Promise<PublicSealingKey>;
  /** Every key that opens; what is sealed to another is refused at the door. */
  kids(): string[];
  /** Throws `CredentialMissing` (bound to something else) or `CredentialUnreadable`. */
  open(sealed: string, binding: Binding): Promise<string>;
}

export function createCredentials(ring: SealingRing): Credentials {
  return {
    sealingKey: () => publicKeyOf(ring),
    kids: () => kidsOf(ring),
    open: (sealed, binding) => open(sealed, ring, binding),
  };
}
