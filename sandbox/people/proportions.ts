/** What share (0 to 1) of the members is odd in which way. Nobody is odd twice within one list. */
export const lifelike = {
  /** Names, user names and addresses. */
  naming: {
    diacritics: 0.12,
    apostrophe: 0.02,
    trailingSpace: 0.01,
    noBreakSpace: 0.005,
    decomposed: 0.01,
    invisible: 0.003,
    noMail: 0.02,
    mailDiffersFromUpn: 0.05,
    onlyCaseDiffers: 0.03,
    guest: 0.03,
    duplicateMail: 0.004,
    serviceAccount: 0.004,
    onmicrosoftUpn: 0.01,
  },
  managing: {
    loop: 0.004,
    self: 0.002,
    outsider: 0.02,
    contact: 0.002,
    none: 0.01,
  },
  holding: {
    disabled: 0.03,
    noDepartment: 0.03,
    noEmployeeId: 0.05,
    noJobTitle: 0.02,
    longDepartment: 0.002,
  },
};

export type Proportions = typeof lifelike;
export type NamingOddity = keyof Proportions['naming'];
export type ManagingOddity = keyof Proportions['managing'];
export type HoldingOddity = keyof Proportions['holding'];
export type SomeProportions = { [List in keyof Proportions]?: Partial<Proportions[List]> };

export function proportions(some: SomeProportions = {}): Proportions {
  return {
    naming: { ...lifelike.naming, ...some.naming },
    managing: { ...lifelike.managing, ...some.managing },
    holding: { ...lifelike.holding, ...some.holding },
  };
}
