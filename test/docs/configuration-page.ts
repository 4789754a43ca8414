import { exampleConfiguration } from '../../domain/configuration/example-configuration';
import type { JsonSchema } from '../../domain/configuration/json-schema';
import { coreFields } from '../../domain/configuration/configuration';
import { functionNames, functionOf } from '../../domain/mapping/functions';
import type { Example } from '../../domain/mapping/functions/function';
import { signatureOf } from '../../domain/mapping/functions/signature';
import { cell, code, table } from './markdown';

/** docs/configuration.md: made from the schema that parses configurations and the table that evaluates functions, so that it can't say otherwise. */
export function configurationPage(schema: JsonSchema): string {
  const { fieldMapping } = schema.$defs as Record<string, JsonSchema>;
  return `# Configuration

One JSON file says everything about one customer. \`rollcall customer add --file acme.json\` starts a customer with it, \`rollcall customer configure\` sends a new one. A faulty file changes nothing: every fault is named at once, with its path and what to write instead. With [configuration.schema.json](configuration.schema.json) as its \`$schema\`, an editor completes keys, functions and attributes as you type. An LMS that no worker may call (a metadata, link-local or private address, plain http, a host that is not on the worker’s allow-list) is such a fault too. **No secret belongs in here**: secrets are handed over sealed, with \`rollcall credential set\`.

A change of group, tenant, LMS, user name or matching needs a new preview and sign-off before the next sync; everything else counts from the next run on. A changed mapping maps everybody again.

## An example

\`\`\`json
${JSON.stringify(exampleConfiguration, undefined, 2)}
\`\`\`

## Every key

Keys without a default are required, unless they are marked optional.

${table(['Key', 'Meaning', 'Takes', 'Default'], rowsOf(schema, ''))}

## Fields

The core fields are ${coreFields.map(code).join(', ')}; the LMS gets each where SCIM has its place (RFC 7643). Anything else goes under \`customFields\`, by the name that the LMS's extension schema gives it. A field is mapped by an expression alone, or by an object:

${table(['Key', 'Meaning', 'Takes', 'Default'], rowsOf(fieldMapping ?? {}, ''))}

A value that is not what the field takes (no e-mail address in \`email\`, a date in another form) is reported on the person as \`FieldInvalid\`; they are synced without it, and what the LMS holds stays.

## Expressions

An expression is one of

- **an attribute**, by Graph's name: \`"department"\`. Also \`"manager.mail"\`, \`"manager.displayName"\` and other attributes of the manager, \`"employeeOrgData.costCenter"\` and \`"employeeOrgData.division"\`, \`"extensionAttribute1"\` to \`15\`, and directory extensions as \`"extension_<application id without dashes>_<name>"\`. True and false come as \`true\` and \`false\`, lists with \`;\` between their items (and in \`Join\` with its separator). Names of Graph’s are proven against the list that Rollcall knows, and by Graph itself: a name that is nearly a known one is refused at once; any other passes, for Graph grows, and \`rollcall customer test-connection\` asks Graph for all mapped attributes at once and says which one it doesn’t know. Test after a change of the mapping: until it is mended, a name that Graph refuses fails every run as \`DirectoryRequestRefused\`, and changes nobody. Values come composed (NFC), without blanks around them and without characters that can't be seen.
- **a constant**: \`{ "constant": "Sydney" }\`.
- **a function** of further expressions: \`{ "ToLower": ["mail"] }\`. Functions are named as Entra names its own ([reference](https://learn.microsoft.com/entra/identity/app-provisioning/functions-for-customizing-application-data)); there are no regular expressions. The empty text counts as no value.

${table(['Function', 'Gives', 'Example'], functionNames.map(functionRow))}

## Scoping

\`scope.include\` and \`scope.exclude\` are lists of groups of clauses. A group holds when all its clauses do; one group that holds suffices. Operators are Entra's, and hold as they do there: letter case counts, and an attribute without a value fits nothing but \`IS NULL\`. Of an attribute with several values, one that fits suffices. Blanks around an attribute's value don't count; in a rule they do where they would lie inside it: \`STARTS WITH "Dr "\` fits “Dr Who” and not “Drew”.

\`\`\`json
${JSON.stringify({ scope: exampleConfiguration.scope }, undefined, 2)}
\`\`\`
`;
}

function functionRow(name: (typeof functionNames)[number]): string[] {
  const { says, example } = functionOf(name);
  return [
    code(signatureOf(name)),
    cell(says),
    `${code(JSON.stringify({ [name]: example.takes.map(written) }))} gives ${code(example.gives)}${given(example.takes)}`,
  ];
}

const written = (one: Example) => ('attribute' in one ? one.attribute : { constant: one.constant });

function given(takes: readonly Example[]): string {
  const attributes = takes.flatMap((one) =>
    'attribute' in one ? [`${code(one.attribute)} is ${one.value === '' ? 'empty' : code(one.value)}`] : [],
  );
  return attributes.length > 0 ? `, where ${attributes.join(' and ')}` : '';
}

/** A row for each key that can be written, its path before it. Objects whose keys have rows of their own get one for what they are about. */
function rowsOf({ properties = {}, required = [] }: JsonSchema, before: string): string[][] {
  return Object.entries(properties).flatMap(([key, value]) => {
    if (key === '$schema') return [];
    const schema = value as JsonSchema;
    const path = `${before}${key}`;
    const isFixed = schema.type === 'object' && schema.properties !== undefined && path !== 'fields';
    const fallback = isFixed
      ? ''
      : schema.default !== undefined
        ? code(JSON.stringify(schema.default))
        : required.includes(key)
          ? ''
          : 'optional';
    const row = [code(path), cell(schema.description ?? ''), isFixed ? '' : kindOf(schema, path), fallback];
    return isFixed ? [row, ...rowsOf(schema, `${path}.`)] : [row];
  });
}

function kindOf(schema: JsonSchema, path: string): string {
  if (schema.$ref) return 'an [expression](#expressions)';
  if (path === 'fields' || path === 'customFields') return '[fields](#fields) by name';
  if (path.startsWith('scope.') && schema.type === 'array') return '[groups of clauses](#scoping)';
  if (schema.enum) return schema.enum.map((value) => code(JSON.stringify(value))).join(', ');
  if (schema.anyOf) return schema.anyOf.map((one) => kindOf(one, path)).join(', ');
  switch (schema.type) {
    case 'object':
      return code(
        `{ ${Object.entries(schema.properties ?? {})
          .map(([key, one]) => `"${key}": ${kindOf(one as JsonSchema, '')}`)
          .join(', ')} }`,
      );
    case 'array':
      return 'a list of texts';
    case 'integer':
      return `${schema.minimum} to ${schema.maximum}`;
    case 'number':
      return `${schema.minimum} to ${schema.maximum}, fractions too`;
    case 'boolean':
      return '`true`, `false`';
    default:
      return 'text';
  }
}
