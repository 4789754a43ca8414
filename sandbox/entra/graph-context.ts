import type { Controls } from '../controls/controls';
import type { Applications } from './applications';
import type { GraphRequest } from './graph-answer';
import { denied } from './graph-answer';
import type { Habits } from './habits';
import type { PageTokens } from './page-tokens';
import type { Group, Tenant } from './tenant';
import type { UserJson } from './user-json';

/** What Graph's routes answer from. */
export interface GraphContext {
  tenant: Tenant;
  applications: Applications;
  users: UserJson;
  tokens: PageTokens;
  controls: Controls;
  habits: () => Habits;
}

/** Application permissions that allow each reading; any one will do. */
const enough = {
  users: ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  members: [
    'GroupMember.Read.All',
    'Group.Read.All',
    'GroupMember.ReadWrite.All',
    'Group.ReadWrite.All',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
  contacts: ['OrgContact.Read.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  hidden: ['Member.Read.Hidden'],
  applications: ['Application.Read.All', 'Application.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  organization: ['Organization.Read.All', 'User.Read.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
} as const;

export function may(request: GraphRequest, read: keyof typeof enough): boolean {
  return enough[read].some((permission) => request.permissions.has(permission));
}

export function mustBeAllowed(request: GraphRequest, read: keyof typeof enough): void {
  if (!may(request, read)) throw denied();
}

/** A group as it is shown: while the fault `hiddenMembership` is on, the synced one says so of itself. */
export function shown({ tenant, controls }: GraphContext, group: Group): Group {
  if (group.id !== tenant.groupId || controls.faults.inForce('hiddenMembership').length === 0) return group;
  return { ...group, visibility: 'HiddenMembership' };
}

/** A hidden membership is kept from who lacks Member.Read.Hidden: by setting of the group, or by the fault of that name. */
export function isHidden({ tenant, controls }: GraphContext, group: Group, request: GraphRequest): boolean {
  const hidden =
    group.visibility === 'HiddenMembership' ||
    (group.id === tenant.groupId && controls.faults.fires('hiddenMembership', request.method, request.url));
  return Boolean(hidden) && !may(request, 'hidden');
}

/** The synced group is as good as deleted while the fault `groupGone` is on. */
export function isGone({ tenant, controls }: GraphContext, groupId: string, request: GraphRequest): boolean {
  return groupId === tenant.groupId && controls.faults.fires('groupGone', request.method, request.url) !== undefined;
}
