import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createTestConnection } from '../../../activities/customer/test-connection';
import type { Dependencies } from '../../../activities/dependencies';
import type { Directory, GroupFacts } from '../../../adapters/directory/directory';
import type { Target } from '../../../adapters/target/target';
import { parseConfiguration } from '../../../domain/configuration/configuration-schema';
import { exampleConfiguration } from '../../../domain/configuration/example-configuration';
import { Failure } from '../../../domain/failure';

const parsed = parseConfiguration(exampleConfiguration);
const configuration = 'configuration' in parsed ? parsed.configuration : undefined;
const customers = {
  find: async () => ({ projection: { configuration: { version: 1 } } }),
  configuration: async () => configuration,
  rememberTarget: async () => undefined,
} as unknown as Dependencies['customers'];

interface Seen {
  signIn?: Failure;
  roles?: string[];
  visibility?: GroupFacts['visibility'];
  members?: Failure;
  lms?: Failure;
}

/** What a test finds of a group without anybody in it, unless something fails. */
async function findings({ signIn, roles = ['User.Read.All', 'GroupMember.Read.All'], visibility = 'Private', members, lms }: Seen) {
  const directory: Partial<Directory> = {
    signIn: async () => {
      if (signIn) throw signIn;
      return { roles };
    },
    group: async () => ({ id: 'g', visibility }),
    async *pages() {
      if (members) throw members;
      yield { fingerprint: '', members: () => [] };
    },
  };
  const target: Partial<Target> = {
    discover: async () => {
      if (lms) throw lms;
      return { findings: [] };
    },
    tryWriting: async () => true,
    memory: () => ({}),
    close: async () => undefined,
  };
  const test = createTestConnection({
    customers,
    directoryOf: async () => directory as Directory,
    targetOf: async () => target as Target,
  });
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  const { findings: found } = await environment.run<[{ customerId: string }], Awaited<ReturnType<typeof test>>, typeof test>(test, {
    customerId: 'acme',
  });
  return Object.fromEntries(found.map((finding) => [finding.item, finding]));
}

describe('a connection test', () => {
  test.each([
    ['a sign-in that is throttled', { signIn: new Failure('SignInUnavailable', '(HTTP 429)') }, 'directoryCredential'],
    ['a directory that is down', { members: new Failure('DirectoryUnavailable') }, 'membersReadable'],
    ['an LMS that is down', { lms: new Failure('TargetUnavailable') }, 'targetCredential'],
  ] as const)('does not promise to go on by itself after %s', async (_what, seen, item) => {
    const { [item]: finding } = await findings(seen);
    expect(finding).toMatchObject({
      ok: false,
      remedy: expect.stringMatching(/^Test again in a minute: `rollcall customer test-connection acme`/),
    });
  });

  test('says how long the other side wants to be left alone', async () => {
    const { targetCredential } = await findings({ lms: new Failure('TargetThrottled', '', { retryAfterMs: 240_000 }) });
    expect(targetCredential?.remedy).toContain('in 4 minutes');
  });

  test('names the permission for hidden memberships, whether Graph refuses the members or lists none', async () => {
    for (const seen of [{ members: new Failure('MembershipHidden') }, { visibility: 'HiddenMembership' }]) {
      const { membersReadable } = await findings(seen);
      expect(membersReadable).toMatchObject({ ok: false, code: 'MembershipHidden', remedy: expect.stringContaining('Member.Read.Hidden') });
      expect(membersReadable?.remedy).not.toContain('User.Read.All');
    }
  });

  test('says of a group without anybody in it what to do, and nothing of holds', async () => {
    for (const seen of [{}, { visibility: 'HiddenMembership', roles: ['Member.Read.Hidden'] }]) {
      const { membersReadable } = await findings(seen);
      expect(membersReadable).toMatchObject({
        ok: false,
        code: 'MembersMissing',
        remedy: expect.stringContaining('Add people to the group'),
      });
      expect(membersReadable?.remedy).not.toContain('hold');
    }
  });
});
