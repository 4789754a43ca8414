import type { Story } from './stories';
import type { FieldSetting } from './settings';
import type { FieldSource } from './sources';

/** Told before any random one, for the promises that chance alone would seldom put to the test. */

const field = (source: FieldSource): FieldSetting => ({ source, apply: 'always', whenEmpty: 'clear', required: false });

const usual: Omit<Story, 'before' | 'days'> = {
  people: 12,
  seed: 7,
  isAwkward: false,
  directory: { requiresConsistencyLevelForCast: false, emptyPageEvery: 0, mostPerPage: 5, snapshots: false },
  lms: { kind: 'lean', habits: {} },
  settings: {
    userName: 'UPN',
    matching: 'userName',
    fields: {
      title: field('jobTitle'),
      department: { ...field('department'), whenEmpty: 'keep' },
      displayName: { ...field('displayName'), apply: 'onlyAtCreation' },
      'custom.managerEmail': field('the manager’s mail'),
    },
    managerReference: 'write',
    managerUnavailable: 'clear',
    guests: 'exclude',
    include: [],
    exclude: [],
    leavers: { leftGroup: 'deactivate', disabled: 'deactivate', deleted: 'deactivate' },
    thresholds: 'usual',
  },
  startsSynced: true,
};

/** A manager who arrives later, fields that become empty, a member whom neither pages nor answers show, somebody who is back. */
const oneByOne: Story = {
  ...usual,
  before: [{ do: 'leave', who: 0 }],
  days: [
    {
      changes: [
        { do: 'join', who: 0 },
        { do: 'set', who: 1, attributes: { jobTitle: null, displayName: 'Another' } },
        { do: 'set', who: 2, attributes: { department: null } },
        { do: 'disable', who: 3 },
        { do: 'swap', who: 4, other: 5 },
      ],
      troubles: [],
    },
    {
      changes: [{ do: 'noManager', who: 6 }],
      troubles: [
        { at: 'entra', rule: { kind: 'memberFallsOut' }, who: 8 },
        { at: 'entra', rule: { kind: 'emptyOk', match: { path: 'checkMemberGroups' } } },
      ],
    },
    {
      changes: [
        { do: 'enable', who: 3 },
        { do: 'purge', who: 9 },
        { do: 'leave', who: 10 },
      ],
      troubles: [],
    },
  ],
};

/** Nearly everybody leaves at once, and one of the accounts is protected. */
const allAtOnce: Story = {
  ...usual,
  before: [],
  days: [
    { changes: [], protect: 2, troubles: [] },
    { changes: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((who) => ({ do: 'disable', who })), troubles: [] },
  ],
};

export const knownStories: readonly Story[] = [oneByOne, allAtOnce];
