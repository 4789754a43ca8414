import { usageFailure } from '../session';
import type { AddVerb } from './add-command';
import { number, property, wholeNumber } from './arguments';
import type { Ask } from './sandbox';
import { addTenantCommands } from './sandbox-tenant';

interface Admin {
  admin?: string;
}

const person = 'their object id or user name';

/** What happens in the directory: each command is one route of its admin port. */
export function addPeopleCommands(verb: AddVerb, ask: Ask): void {
  const post = (options: Admin, route: string, body: object = {}) => ask('entra', { admin: options.admin }, 'POST', `/${route}`, body);

  verb(
    'hire',
    'new people come into the group',
    'rollcall sandbox hire --count 3',
    'rollcall sandbox hire --set department=Sales --set "jobTitle=Head of sales"',
  )
    .option('--count <n>', 'so many', wholeNumber, 1)
    .option('--manager <id>', `their manager: ${person}`)
    .option('--outside', 'not into the group')
    .option('--set <name=value>', 'a property of theirs, such as department=Sales; may be repeated', property)
    .action(({ count, manager, outside, set, admin }: Admin & { count: number; manager?: string; outside?: boolean; set?: object }) =>
      post({ admin }, 'hire', {
        count,
        ...(manager && { managerId: manager }),
        ...(outside && { inGroup: false }),
        ...(set && { attributes: set }),
      }),
    );

  const ofOne: Record<string, string> = {
    leave: 'somebody leaves the group',
    join: 'somebody comes (back) into the group',
    disable: 'somebody’s account is disabled in Entra',
    enable: 'somebody’s account is enabled in Entra',
    delete: 'somebody is deleted, and can be restored',
    purge: 'somebody is deleted for good',
  };
  for (const [name, says] of Object.entries(ofOne)) {
    verb(name, says, `rollcall sandbox ${name} alva.strand@contoso.example`)
      .argument('<person>', person)
      .action((id: string, options: Admin) => post(options, name, { id }));
  }

  verb(
    'restore',
    'somebody who was deleted comes back, with their groups',
    'rollcall sandbox restore 5d0c7b7e-61c4-4a55-9a0f-3f6a0f5f1c22',
    'rollcall sandbox restore 5d0c7b7e-61c4-4a55-9a0f-3f6a0f5f1c22 --user-name alva.berg@contoso.example',
  )
    .argument('<person>', 'their object id')
    .option('--user-name <upn>', 'under another user name')
    .action((id: string, { userName, admin }: Admin & { userName?: string }) =>
      post({ admin }, 'restore', { id, ...(userName && { userPrincipalName: userName }) }),
    );

  verb(
    'rename',
    'somebody gets other names',
    'rollcall sandbox rename alva.strand@contoso.example --surname Berg --user-name alva.berg@contoso.example',
  )
    .argument('<person>', person)
    .option('--user-name <upn>')
    .option('--mail <address>')
    .option('--display-name <name>')
    .option('--given-name <name>')
    .option('--surname <name>')
    .action((id: string, { userName, admin, ...names }: Admin & { userName?: string }) => {
      if (!userName && Object.keys(names).length === 0)
        throw usageFailure('say what changes: --user-name, --mail, --display-name, --given-name or --surname');
      return post({ admin }, 'rename', { id, ...names, ...(userName && { userPrincipalName: userName }) });
    });

  verb(
    'swap-names',
    'two people exchange user name and mail at once',
    'rollcall sandbox swap-names alva.strand@contoso.example jo.berg@contoso.example',
  )
    .argument('<one>', person)
    .argument('<other>', person)
    .action((one: string, other: string, options: Admin) => post(options, 'swapNames', { one, other }));

  verb(
    'move',
    'somebody gets another manager',
    'rollcall sandbox move alva.strand@contoso.example --manager jo.berg@contoso.example',
    'rollcall sandbox move alva.strand@contoso.example --manager none',
  )
    .argument('<person>', person)
    .requiredOption('--manager <id>', `${person}, or none`)
    .action((id: string, { manager, admin }: Admin & { manager: string }) =>
      post({ admin }, 'moveToManager', { id, managerId: manager === 'none' ? null : manager }),
    );

  verb('set', 'properties of somebody change', 'rollcall sandbox set alva.strand@contoso.example "jobTitle=Head of sales" mobilePhone=null')
    .argument('<person>', person)
    .argument('<name=value...>', 'such as jobTitle="Head of sales"; null clears')
    .action((id: string, changes: string[], options: Admin) =>
      post(options, 'set', { id, attributes: changes.reduce<Record<string, unknown>>((all, text) => property(text, all), {}) }),
    );

  verb('nest', 'somebody goes from the group into a group within it', 'rollcall sandbox nest alva.strand@contoso.example')
    .argument('<person>', person)
    .action((id: string, options: Admin) => post(options, 'addNested', { id }));

  verb('churn', 'a day’s changes: hires, leavers, renames, moves', 'rollcall sandbox churn --percent 2 --seed 7')
    .option('--percent <p>', 'of the members', number, 1)
    .option('--seed <n>', 'the same seed changes the same people', wholeNumber, 1)
    .action(({ percent, seed, admin }: Admin & { percent: number; seed: number }) => post({ admin }, 'churn', { percent, seed }));

  verb('empty-group', 'everybody out of the group, as by mistake', 'rollcall sandbox empty-group').action((options: Admin) =>
    post(options, 'emptyGroup'),
  );

  verb(
    'permissions',
    'what the application is allowed, and changes it',
    'rollcall sandbox permissions',
    'rollcall sandbox permissions --revoke User.Read.All',
  )
    .option('--grant <permissions...>', 'such as User.Read.All')
    .option('--revoke <permissions...>')
    .action(({ grant = [], revoke = [], admin }: Admin & { grant?: string[]; revoke?: string[] }) =>
      post({ admin }, 'permissions', { grant, revoke }),
    );

  verb(
    'people',
    'everybody in the directory',
    "rollcall sandbox people --json | jq -r '.[] | select(.isMember) | .userPrincipalName'",
  ).action((options: Admin) => ask('entra', options, 'GET', '/people'));
  verb('group', 'the synced group', 'rollcall sandbox group').action((options: Admin) => ask('entra', options, 'GET', '/group'));
  addTenantCommands(verb, ask);
  verb('quota', 'how many resource units Graph gives in a window before it throttles, and sets it', 'rollcall sandbox quota 200')
    .argument('[units]', 'a number, none for no limit, or by-size for what a tenant of this size has')
    .option('--window-ms <ms>', 'of such a window (default: 10000)', wholeNumber)
    .action((units: string | undefined, { windowMs, admin }: Admin & { windowMs?: number }) => {
      if (units === undefined && windowMs === undefined) return ask('entra', { admin }, 'GET', '/quota');
      if (units === undefined) throw usageFailure('say how many units: a number, none, or by-size');
      return post({ admin }, 'quota', { ...unitsOf(units), ...(windowMs !== undefined && { windowMs }) });
    });
}

function unitsOf(text: string): { units?: number | null } {
  if (text === 'none') return { units: null };
  return text === 'by-size' ? {} : { units: wholeNumber(text) };
}
