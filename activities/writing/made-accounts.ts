import type { ManagerReference } from '../../domain/account';

/** More than are ever made between an account's making and the moment when no change is left that was fetched before its link was stored. */
const remembered = 5_000;

/**
 * Accounts that this attempt made, so that a report that comes after its manager is made with it. The latest alone are remembered, for the store knows the
 * others: of a first run that is not everybody's name. Whoever is forgotten too early gets their reports by a write more.
 */
export class MadeAccounts {
  private latest = new Map<string, ManagerReference>();
  private before = new Map<string, ManagerReference>();

  constructor(private readonly size = remembered) {}

  get(memberId: string): ManagerReference | undefined {
    return this.latest.get(memberId) ?? this.before.get(memberId);
  }

  set(memberId: string, account: ManagerReference): void {
    this.latest.set(memberId, account);
    if (this.latest.size < this.size) return;
    this.before = this.latest;
    this.latest = new Map();
  }
}
