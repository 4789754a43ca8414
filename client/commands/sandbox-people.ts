import type { Command } from 'commander';
import { usageFailure } from '../session';
import { number, property, wholeNumber } from './arguments';
import type { Ask } from './sandbox';

interface Admin {
  admin?: string;
}

const person = 'their object id or user name';

/** What happens in the directory: each command is one route of its admin port. */
export function addPeopleCommands(verb: (name: string, says: string) => Command, ask: Ask): void {
  const post = (options: Admin, route: string, body: object = {}) => ask('entra', { admin: options.admin }, 'POST', `/${route}`, body);

  verb('hire', 'new people come into the group')
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
    verb(name, says)
      .argument('<person>', person)
      .action((id: string, options: Admin) => post(options, name, { id }));
  }

  verb('restore', 'somebody who was deleted comes back, with their groups')
    .argument('<person>', 'their object id')
    .option('--user-name <upn>', 'under another user name')
    .action((id: string, { userName, admin }: Admin & { userName?: string }) =>
      post({ admin }, 'restore', { id, ...(userName && { userPrincipalName: userName }) }),
    );

  verb('rename', 'somebody gets other names')
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

  verb('swap-names', 'two people exchange user name and mail at once')
    .argument('<one>', person)
    .argument('<other>', person)
    .action((one: string, other: string, options: Admin) => post(options, 'swapNames', { one, other }));

  verb('move', 'somebody gets another manager')
    .argument('<person>', person)
    .requiredOption('--manager <id>', `${person}, or none`)
    .action((id: string, { manager, admin }: Admin & { manager: string }) =>
      post({ admin }, 'moveToManager', { id, managerId: manager === 'none' ? null : manager }),
    );

  verb('set', 'properties of somebody change')
    .argument('<person>', person)
    .argument('<name=value...>', 'such as jobTitle="Head of sales"; null clears')
    .action((id: string, changes: string[], options: Admin) =>
      post(options, 'set', { id, attributes: changes.reduce<Record<string, unknown>>((all, text) => property(text, all), {}) }),
    );

  verb('nest', 'somebody goes from the group into a group within it')
    .argument('<person>', person)
    .action((id: string, options: Admin) => post(options, 'addNested', { id }));

  verb('churn', 'a day’s changes: hires, leavers, renames, moves')
    .option('--percent <p>', 'of the members', number, 1)
    .option('--seed <n>', 'the same seed changes the same people', wholeNumber, 1)
    .action(({ percent, seed, admin }: Admin & { percent: number; seed: number }) => post({ admin }, 'churn', { percent, seed }));

  verb('empty-group', 'everybody out of the group, as by mistake').action((options: Admin) => post(options, 'emptyGroup'));

  verb('permissions', 'what the application is allowed, and changes it')
    .option('--grant <permissions...>', 'such as User.Read.All')
    .option('--revoke <permissions...>')
    .action(({ grant = [], revoke = [], admin }: Admin & { grant?: string[]; revoke?: string[] }) =>
      post({ admin }, 'permissions', { grant, revoke }),
    );

  verb('quota', 'how many resource units Graph gives in a window before it throttles, and sets it')
    .argument('[units]', 'a number, none for no limit, or by-size for what a tenant of this size has')
    .option('--window-ms <ms>', 'of such a window (default: 10000)', wholeNumber)
    .action((units: string | undefined, { windowMs, admin }: Admin & { windowMs?: number }) => {
      if (units === undefined && windowMs === undefined) return ask('entra', { admin }, 'GET', '/quota');
      if (units === undefined) throw usageFailure('say how many units: a number, none, or by-size');
      return post({ admin }, 'quota', { ...unitsOf(units), ...(windowMs !== undefined && { windowMs }) });
    });

  verb('people', 'everybody in the directory').action((options: Admin) => ask('entra', options, 'GET', '/people'));
  verb('group', 'the synced group').action((options: Admin) => ask('entra', options, 'GET', '/group'));
}

function unitsOf(text: string): { units?: number | null } {
  if (text === 'none') return { units: null };
  return text === 'by-size' ? {} : { units: wholeNumber(text) };
}
