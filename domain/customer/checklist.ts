import type { ConfigurationSummary } from './projection';

/** The managed service's own steps, in the order in which a customer lives them. */
export const phases = ['kickOff', 'preparation', 'setUp', 'hypercare', 'live', 'offboarded'] as const;
export type Phase = (typeof phases)[number];

export interface Item {
  phase: Phase;
  /** Shown to the operator while it is open. */
  asks: string;
  /** What to do about it, in a line. */
  remedy: string;
  owner: 'operator' | 'customer';
  /** The message that proves it. What a machine can see, or what is bound to numbers that were seen, can't be attested by word. */
  provenBy: 'testConnection' | 'signOffPreview';
  /** A configuration in which one of these changed has to be proven again. */
  dependsOn: readonly (keyof ConfigurationSummary)[];
}

/** The whole onboarding, as data: a new step is a new entry here and nothing else. Kick-off and preparation have none yet and pass by themselves. */
export const checklist = {
  directoryCredential: {
    phase: 'setUp',
    asks: 'Entra accepts the credential',
    remedy: 'Hand over the client secret’s Value with `rollcall credential set <customer> --for directory`, then test the connection.',
    owner: 'customer',
    provenBy: 'testConnection',
    dependsOn: ['tenantId', 'clientId'],
  },
  targetCredential: {
    phase: 'setUp',
    asks: 'The LMS accepts the credential',
    remedy: 'Hand over the LMS’s token with `rollcall credential set <customer> --for target`, then test the connection.',
    owner: 'operator',
    provenBy: 'testConnection',
    dependsOn: ['targetOrigin'],
  },
  membersReadable: {
    phase: 'setUp',
    asks: 'The group’s members can be read',
    remedy:
      'Grant User.Read.All and GroupMember.Read.All (application permissions, with admin consent), check the group’s Object ID, then test the connection.',
    owner: 'customer',
    provenBy: 'testConnection',
    dependsOn: ['tenantId', 'clientId', 'groupId'],
  },
  targetWritable: {
    phase: 'setUp',
    asks: 'The LMS lets us create and update users',
    remedy: 'Give the LMS’s token the right to create and update users, then test the connection.',
    owner: 'operator',
    provenBy: 'testConnection',
    dependsOn: ['targetOrigin'],
  },
  previewSigned: {
    phase: 'setUp',
    asks: 'Somebody has looked at a preview and signed it off',
    remedy: 'Request a preview, look at its changes, then sign it off by its run id.',
    owner: 'customer',
    provenBy: 'signOffPreview',
    dependsOn: ['rehearsalKey'],
  },
} as const satisfies Record<string, Item>;

export type ItemName = keyof typeof checklist;
export const itemNames = Object.keys(checklist) as readonly ItemName[];

export function isItemName(name: unknown): name is ItemName {
  return typeof name === 'string' && Object.hasOwn(checklist, name);
}
