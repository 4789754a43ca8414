import { format, resolveConfig } from 'prettier';
import { configurationJsonSchema } from '../../domain/configuration/json-schema';
import { configurationPage } from './configuration-page';
import { failuresPage } from './failures-page';

/** What is generated, by path, laid out as prettier would. */
export async function generatedPages(root: string): Promise<Record<string, string>> {
  const schema = configurationJsonSchema();
  const pages = {
    'docs/configuration.schema.json': JSON.stringify(schema),
    'docs/configuration.md': configurationPage(schema),
    'docs/failures.md': failuresPage(),
  };
  const entries = Object.entries(pages).map(async ([path, text]) => {
    const filepath = `${root}/${path}`;
    return [path, await format(text, { ...(await resolveConfig(filepath)), filepath })] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
