import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import { failureConverterPath } from '../adapters/payloads/data-converter';
import { workflowBundlePath } from './workflow-bundle';

/** Part of the build: a worker that bundles at start peaks at a third more memory (webpack in the process). */
async function main(): Promise<void> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(__dirname, '..', 'workflows', 'index.js'),
    failureConverterPath,
    logger: { trace() {}, debug() {}, info() {}, log() {}, warn: console.warn, error: console.error },
  });
  await writeFile(workflowBundlePath, code);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
