import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const script = `
  const { bundleWorkflowCode, DefaultLogger } = require('@temporalio/worker');
  const [workflowsPath, file] = process.argv.slice(1);
  bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') }).then(({ code }) => require('node:fs').writeFileSync(file, code));
`;

/** The workflows' code, bundled by a process of its own: webpack loads its parts late, which Jest's registry of modules doesn't survive. */
export async function bundleWorkflows(workflowsPath: string): Promise<{ code: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-bundle-'));
  try {
    const file = join(folder, 'workflows.js');
    await promisify(execFile)(process.execPath, ['-e', script, workflowsPath, file]);
    return { code: readFileSync(file, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
