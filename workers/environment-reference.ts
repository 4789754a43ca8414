import { variables } from './variables';

/** The table of docs/environment.md, made from what is really read. */
export function environmentTable(): string {
  const rows = Object.entries(variables).map(([name, variable]) => {
    const isSecret = 'secret' in variable;
    const otherwise = 'otherwise' in variable ? variable.otherwise : '**must be set**';
    return `| \`${name}\`${isSecret ? `<br>or \`${name}_FILE\`` : ''} | ${variable.says} | ${otherwise} |`;
  });
  return ['| variable | what it is for | if not set |', '| --- | --- | --- |', ...rows].join('\n');
}
