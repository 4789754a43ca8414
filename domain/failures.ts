/** Who can mend it, which decides who is told. */
export type Owner = 'customer' | 'operator' | 'nobody';

/** What a failure touches: the whole run, one person of it, or a request that was refused before anything began. */
export type Reach = 'run' | 'person' | 'request';

export interface FailureKind {
  /** Worth another try without anybody doing anything. */
  passes: boolean;
  owner: Owner;
  reach: Reach;
  says: string;
  remedy: string;
}

const nobodyChanged = 'Nobody has been changed meanwhile.';

/**
 * Every way in which Rollcall can fail, by its stable code. The code is what workflows match on, what support searches for and what
 * `docs/failures.md` is made from.
 */
export const failures = {
  // Signing in to Entra (AADSTS codes: Microsoft's "Microsoft Entra authentication and authorization error codes").
  SecretRejected: {
    passes: false,
    owner: 'customer',
    reach: 'run',
    says: 'Entra did not accept the client secret (AADSTS7000215).',
    remedy:
      'Under Certificates & secrets, copy the secret’s Value, not its Secret ID. If the Value is no longer shown, create a new secret and hand that over.',
  },
  SecretExpired: {
    passes: false,
    owner: 'customer',
    reach: 'run',
    says: 'The client secret has expired (AADSTS7000222).',
    remedy: `Create a new client secret and hand over its Value. Syncing goes on by itself once it is proven. ${nobodyChanged}`,
  },
  ApplicationNotFound: {
    passes: false,
    owner: 'customer',
    reach: 'run',
    says: 'There is no such application in this tenant (AADSTS700016).',
    remedy:
      'Compare the Application (client) ID and the Directory (tenant) ID on the Overview page of the app registration with the configuration.',
  },
  TenantNotFound: {
    passes: false,
    owner: 'customer',
    reach: 'run',
    says: 'There is no such tenant (AADSTS90002).',
    remedy: 'Copy the Directory (tenant) ID from the Overview page of the app registration, and check that the right cloud is configured.',
  },
  SignInRefused: {
    passes: false,
    owner: 'customer',
    reach: 'run',
    says: 'Entra refused to sign the application in.',
    remedy:
      'Look the AADSTS code up at https://login.microsoftonline.com/error; Conditional Access for workload identities and a disabled application are the usual causes.',
  },
  SignInUnavailable: {
    passes: true,
    owner: 'nobody',
    reach: 'run',
    says: 'Entra’s token endpoint did not answer with a token.',
    remedy: `None: it is tried again. ${nobodyChanged}`,
  },
  // Reading the directory.
  GroupNotFound: {
    passes: false,
    owner: 'customer',
    reach: 'run',
    says: 'The group does not exist, or the application may not see it.',
    remedy: `Compare the group’s Object ID with the configuration. A deleted security or Microsoft 365 group can be restored within 30 days under Groups → Deleted groups. ${nobodyChanged}`,
  },
  PermissionMissing: {
    passes: false,
    owner: 'customer',
    reach: 'run',
    says: 'Microsoft Graph refused: the application lacks a permission (Authorization_RequestDenied).',
    remedy: 'Under API permissions, add the application permissions User.Read.All and GroupMember.Read.All and grant admin consent.',
  },
  MembershipHidden: {
    passes: false,
    owner: 'customer',
    reach: 'run',
    says: 'Microsoft Graph shows the group but not who is in it, which is how it answers where a group’s membership is hidden.',
    remedy: `Under API permissions, add the application permission Member.Read.Hidden and grant admin consent. ${nobodyChanged}`,
  },
  MembersUnreadable: {
    passes: false,
    owner: 'customer',
    reach: 'run',
    says: 'Entra lists the group’s members but hides everything about them, which is how it answers when User.Read.All is missing.',
    remedy: `Under API permissions, add the application permission User.Read.All and grant admin consent. ${nobodyChanged}`,
  },
  MembersMissing: {
    passes: false,
    owner: 'customer',
    reach: 'run',
    says: 'Entra listed nobody in the group, and says of somebody whose account is linked that they still belong to it.',
    remedy: `Look at the group’s members in Entra. If they are there, the list was wrong: check the application’s permissions (Member.Read.Hidden where membership is hidden); the next run looks again. If people are reached through nested groups only, add them to the group itself. There is nothing to release. ${nobodyChanged}`,
  },
  DirectoryExpiredPageToken: {
    passes: true,
    owner: 'nobody',
    reach: 'run',
    says: 'Graph no longer knows the page that the read had got to.',
    remedy: 'None: the read starts over from the first page; nothing is concluded from the part that was read.',
  },
  DirectoryThrottled: {
    passes: true,
    owner: 'nobody',
    reach: 'run',
    says: 'Microsoft Graph asked for a pause.',
    remedy: 'None: the run waits as long as Graph asked and goes on from the same page.',
  },
  DirectoryUnavailable: {
    passes: true,
    owner: 'nobody',
    reach: 'run',
    says: 'Microsoft Graph could not be reached or did not answer properly.',
    remedy: `None: it is tried again, and the next run goes on from the rows that are stored. ${nobodyChanged}`,
  },
  DirectoryAnswerCutOff: {
    passes: true,
    owner: 'nobody',
    reach: 'run',
    says: 'Microsoft Graph’s answer broke off in the middle.',
    remedy: 'None: the page is asked for again; nothing is concluded from the part that arrived.',
  },
  DirectoryTokenRejected: {
    passes: true,
    owner: 'nobody',
    reach: 'run',
    says: 'Microsoft Graph no longer accepted the access token.',
    remedy: 'None: a new token is asked for.',
  },
  DirectoryRequestRefused: {
    passes: false,
    owner: 'operator',
    reach: 'run',
    says: 'Microsoft Graph refused a request as malformed.',
    remedy:
      'Check the attributes that the configuration maps: a name that Graph does not know is the usual cause. `rollcall customer test-connection <customer>` proves a correction.',
  },
  // Writing to the LMS.
  TargetUnavailable: {
    passes: true,
    owner: 'operator',
    reach: 'run',
    says: 'The LMS could not be reached or did not answer properly.',
    remedy:
      'None for the moment: it is tried again, and the next run goes on from the rows that are stored. If it lasts, check the base URL and whether the LMS is up.',
  },
  TargetThrottled: {
    passes: true,
    owner: 'nobody',
    reach: 'run',
    says: 'The LMS asked for a pause.',
    remedy: 'None: the run waits as long as the LMS asked.',
  },
  TargetCredentialRejected: {
    passes: false,
    owner: 'operator',
    reach: 'run',
    says: 'The LMS did not accept our credential.',
    remedy: 'Make a new token in the LMS and hand it over: `rollcall credential set <customer> --for target`.',
  },
  TargetRefusesWrites: {
    passes: false,
    owner: 'operator',
    reach: 'run',
    says: 'The LMS accepts our credential but does not let it write.',
    remedy: 'Give the token the right to create and update users in the LMS.',
  },
  TargetAddressRefused: {
    passes: false,
    owner: 'operator',
    reach: 'run',
    says: 'The LMS’s address is not one that this worker may call.',
    remedy: 'Check the base URL. A host of your own network must be on the worker’s allow-list (ROLLCALL_TARGET_HOSTS).',
  },
  TargetNotFound: {
    passes: false,
    owner: 'operator',
    reach: 'run',
    says: 'There is no SCIM service at the configured base URL.',
    remedy: 'Check target.baseUrl: it ends where /Users begins.',
  },
  TargetUserNameTaken: {
    passes: false,
    owner: 'customer',
    reach: 'person',
    says: 'Another account of the LMS has this user name.',
    remedy: 'Rename one of the two, or protect or delete the other account in the LMS. Neither was changed.',
  },
  TargetValueRefused: {
    passes: false,
    owner: 'operator',
    reach: 'person',
    says: 'The LMS refused a value.',
    remedy: 'Look at the field that is named: a list item that the LMS lacks, a value too long, or a date in another form.',
  },
  TargetAccountMissing: {
    passes: false,
    owner: 'operator',
    reach: 'person',
    says: 'The linked account is no longer in the LMS.',
    remedy: 'Somebody deleted it there. It is created again only on request.',
  },
  TargetRefused: {
    passes: false,
    owner: 'operator',
    reach: 'person',
    says: 'The LMS refused a change to one person.',
    remedy: 'Read the LMS’s own words beside it; it is tried again in the next run.',
  },
  // Why one person cannot be synced: problems.
  UserNameMissing: {
    passes: false,
    owner: 'customer',
    reach: 'person',
    says: 'The attribute that gives the user name is empty.',
    remedy: 'Fill the attribute in Entra, or exclude the person by a rule.',
  },
  UserNameInvalid: {
    passes: false,
    owner: 'customer',
    reach: 'person',
    says: 'The user name has characters that make it look like another person’s, or none that can be seen.',
    remedy: 'Type the attribute anew in Entra; blanks and invisible characters often come from copying.',
  },
  UserNameDuplicate: {
    passes: false,
    owner: 'customer',
    reach: 'person',
    says: 'Another member of the group yields the same user name.',
    remedy: 'Give each person a user name of their own in Entra. The one who has the account keeps it; the other is not synced.',
  },
  EmailDuplicate: {
    passes: false,
    owner: 'customer',
    reach: 'person',
    says: 'Another member of the group has the same e-mail address.',
    remedy: 'Give each person an address of their own in Entra. The one who has the account keeps it; the other is not synced.',
  },
  FieldMissing: {
    passes: false,
    owner: 'customer',
    reach: 'person',
    says: 'A required field has no value.',
    remedy: 'Fill the attribute in Entra, give the mapping a default, or make the field optional.',
  },
  FieldInvalid: {
    passes: false,
    owner: 'customer',
    reach: 'person',
    says: 'A field’s value is not what the field takes: no e-mail address, or a date in another form.',
    remedy:
      'Correct the attribute in Entra, or the mapping. Until then the person is synced without the field, which stays as it is in the LMS; a person whose required field it is, is not synced.',
  },
  MatchAmbiguous: {
    passes: false,
    owner: 'operator',
    reach: 'person',
    says: 'More than one account of the LMS matches this person.',
    remedy: 'Remove or change the accounts that are not theirs. Rollcall never guesses.',
  },
  AccountLinkedElsewhere: {
    passes: false,
    owner: 'operator',
    reach: 'person',
    says: 'The account that matches is linked to another member.',
    remedy: 'An account is never adopted while its link is alive. Decide whose it is.',
  },
  AccountProtected: {
    passes: false,
    owner: 'operator',
    reach: 'person',
    says: 'The account, or the user name that the person is to have, is on the protected list.',
    remedy: 'None: it is never changed. Take it off the list to sync it, or give the person another user name.',
  },
  UserNameSwap: {
    passes: true,
    owner: 'nobody',
    reach: 'person',
    says: 'The user name belongs to another account that is being renamed.',
    remedy: 'None: it is written once the other account has let go of it.',
  },
  ManagerInLoop: {
    passes: false,
    owner: 'customer',
    reach: 'person',
    says: 'The person is their own manager, at once or by way of others.',
    remedy: 'Correct the Manager attribute in Entra. Until then the manager is left out in the LMS; everything else is synced.',
  },
  // Why somebody is held.
  ThresholdLeavers: {
    passes: false,
    owner: 'operator',
    reach: 'person',
    says: 'More people would be deactivated in one run than the threshold allows.',
    remedy: 'Look at who it is, then release or reject: update `decideHolds`. Nobody of them is changed meanwhile.',
  },
  ThresholdAdditions: {
    passes: false,
    owner: 'operator',
    reach: 'person',
    says: 'More accounts would be created in one run than the threshold allows.',
    remedy: 'Look at who it is, then release or reject: update `decideHolds`.',
  },
  ThresholdRenames: {
    passes: false,
    owner: 'operator',
    reach: 'person',
    says: 'More user names would change in one run than the threshold allows.',
    remedy:
      'A removed domain is the usual cause. Release or reject: update `decideHolds`. Nobody of them is changed meanwhile; whose new name is rejected keeps the old one, and gets everything else.',
  },
  LeaverUnconfirmed: {
    passes: false,
    owner: 'operator',
    reach: 'person',
    says: 'The person was not among the members, but nothing proves that they left.',
    remedy: 'Find out what became of them, then release or reject: update `decideHolds`.',
  },
  LeaverUnproven: {
    passes: false,
    owner: 'nobody',
    reach: 'person',
    says: 'The person was to be deactivated; asked about again just before, they were no leaver any more, or nothing proved it any longer.',
    remedy: 'Nothing: the account was left as it is, and the next run looks again.',
  },
  StillNestedMember: {
    passes: false,
    owner: 'operator',
    reach: 'person',
    says: 'The person was removed from the group but is still reached through a nested group, which is not synced.',
    remedy: 'Add the person to the group directly, or release the hold to deactivate the account.',
  },
  LeaverByPolicy: {
    passes: false,
    owner: 'operator',
    reach: 'person',
    says: 'The customer’s policy is that somebody decides about this kind of leaver.',
    remedy: 'Release or reject: update `decideHolds`.',
  },
  GroupEmptied: {
    passes: false,
    owner: 'operator',
    reach: 'person',
    says: 'Entra answers that the group is empty, and nobody is left in it by whom that answer could be proven.',
    remedy:
      'Look at the group’s members in Entra. If they are there, check the application’s permissions (Member.Read.Hidden where membership is hidden) and decide nothing: the holds go once Entra lists them again. If the group was emptied on purpose, release the holds: update `decideHolds`. Nobody is changed meanwhile.',
  },
  // Runs that do not begin, or do not end.
  NotLive: {
    passes: false,
    owner: 'operator',
    reach: 'request',
    says: 'The customer has not gone live.',
    remedy: 'Finish the checklist, then go live: update `goLive`.',
  },
  SignOffMissing: {
    passes: false,
    owner: 'operator',
    reach: 'request',
    says: 'The configuration has changed in what needs a rehearsal: group, tenant, LMS, user name or matching.',
    remedy: 'Ask for a preview (update `requestPreview`), look at it, and sign it off (update `signOffPreview`).',
  },
  Paused: { passes: false, owner: 'operator', reach: 'request', says: 'The customer is paused.', remedy: 'Resume it: update `resume`.' },
  CredentialMissing: {
    passes: false,
    owner: 'operator',
    reach: 'request',
    says: 'A credential is missing, or the one that is there was given for another tenant, application or LMS.',
    remedy: 'Hand it over: `rollcall credential set <customer> --for directory|target`.',
  },
  CredentialUnreadable: {
    passes: false,
    owner: 'operator',
    reach: 'run',
    says: 'The sealed credential cannot be opened with any key of this worker’s ring.',
    remedy: 'Give the worker the key that it was sealed to, or seal the credential again.',
  },
  LeaseHeld: {
    passes: true,
    owner: 'nobody',
    reach: 'request',
    says: 'Another run of this customer is at work.',
    remedy: 'None: the next run sees to it.',
  },
  CustomerUnknown: {
    passes: false,
    owner: 'operator',
    reach: 'request',
    says: 'There is no such customer.',
    remedy: 'Check the id: `rollcall customer list`.',
  },
  DecisionOutdated: {
    passes: false,
    owner: 'operator',
    reach: 'request',
    says: 'The database has a later decision about this customer than the one that it is told of.',
    remedy:
      'The customer’s workflow was set back, or another one decides about the same database. Send the configuration that is to count (`rollcall customer configure <customer>`): what is decided from then on counts.',
  },
  ConfigurationFaulty: {
    passes: false,
    owner: 'operator',
    reach: 'request',
    says: 'The configuration has faults.',
    remedy: 'Mend every fault that is named and send it again; nothing has changed.',
  },
  HoldUnknown: {
    passes: false,
    owner: 'operator',
    reach: 'request',
    says: 'There is no such hold that could still be decided, and nothing was decided.',
    remedy: 'See which holds there are: `rollcall customer holds`. Decide about those, by their ids, or about all that are open.',
  },
  Refused: {
    passes: false,
    owner: 'operator',
    reach: 'request',
    says: 'The request was refused, and nothing has changed.',
    remedy: 'The message names every fault.',
  },
  FenceLost: {
    passes: false,
    owner: 'nobody',
    reach: 'run',
    says: 'A newer attempt has taken this work over.',
    remedy: 'None: this attempt writes nothing any more.',
  },
  StoreUnavailable: {
    passes: true,
    owner: 'operator',
    reach: 'run',
    says: 'The database did not answer.',
    remedy: 'Check PostgreSQL; the run goes on by itself once it is back.',
  },
  NoProgress: {
    passes: false,
    owner: 'operator',
    reach: 'run',
    says: 'A step got nowhere for half an hour.',
    remedy: 'The cause stands beside it. The next run goes on from the stored rows.',
  },
  Cancelled: {
    passes: false,
    owner: 'operator',
    reach: 'run',
    says: 'The run was cancelled.',
    remedy: 'None: the next run goes on from the stored rows.',
  },
} as const satisfies Record<string, FailureKind>;

export type FailureCode = keyof typeof failures;

export function isFailureCode(code: unknown): code is FailureCode {
  return typeof code === 'string' && Object.hasOwn(failures, code);
}

/** What to do, with the command for this very customer. */
export function remedyOf(code: FailureCode, customerId: string): string {
  return remedyFor(failures[code].remedy, customerId);
}

/** Any remedy as it reads for one customer. */
export function remedyFor(remedy: string, customerId: string): string {
  return remedy.replaceAll('<customer>', customerId);
}

/** The code that an error carries through Temporal's wrappings: the outermost type that is one of ours, whatever caused it. */
export function codeOf(error: unknown): FailureCode | 'Unexpected' {
  if (typeof error !== 'object' || error === null) return 'Unexpected';
  const { cause, type } = error as { cause?: unknown; type?: string | null };
  return isFailureCode(type) ? type : codeOf(cause);
}
