import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { coreFields } from '../../../domain/configuration/configuration';
import { parseConfiguration } from '../../../domain/configuration/configuration-schema';
import { configurationJsonSchema } from '../../../domain/configuration/json-schema';
import { failures } from '../../../domain/failures';
import { functionNames } from '../../../domain/mapping/functions';

const root = join(__dirname, '../../..');
const page = (name: string) => readFile(join(root, 'docs', name), 'utf8');

describe('the configuration’s reference', () => {
  test('shows an example that is accepted as it stands', async () => {
    const [, example = ''] = /## An example\s+```json\n([^]*?)\n```/.exec(await page('configuration.md')) ?? [];
    expect(parseConfiguration(JSON.parse(example))).toHaveProperty('configuration.name', 'Acme');
  });

  test('names every function and every core field', async () => {
    const text = await page('configuration.md');
    for (const name of functionNames) expect(text).toContain(`| \`${name}(`);
    for (const field of coreFields) expect(text).toContain(`\`${field}\``);
  });

  test('names every failure, what it says and what to do', async () => {
    const text = await page('failures.md');
    for (const code of Object.keys(failures)) expect(text).toContain(`| \`${code}\``);
  });
});

describe('the schema for editors', () => {
  const schema = configurationJsonSchema() as unknown as {
    required: string[];
    properties: object;
    $defs: { expression: { anyOf: [object, object, { properties: object }] } };
  };

  test('requires what has no default, and completes the names of functions', () => {
    expect(schema.required).toEqual(['name', 'directory', 'target', 'userName']);
    expect(Object.keys(schema.$defs.expression.anyOf[2].properties)).toEqual(functionNames);
  });

  test('may be named in a configuration', () => {
    const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
    const least = {
      name: 'Acme',
      directory: { tenantId: id, clientId: id, groupId: id },
      target: { baseUrl: 'https://lms.example.com' },
      userName: 'mail',
    };
    expect(parseConfiguration({ $schema: './configuration.schema.json', ...least })).toEqual(parseConfiguration(least));
  });

  test('refers to nothing that it doesn’t define', () => {
    const refs = [...JSON.stringify(schema).matchAll(/"\$ref":"#\/\$defs\/(\w+)"/g)].map(([, name]) => name);
    expect(new Set(refs)).toEqual(new Set(Object.keys(schema.$defs)));
  });
});
