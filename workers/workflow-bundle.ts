import { join } from 'node:path';

/** Made by the build, beside the compiled code. */
export const workflowBundlePath = join(__dirname, '..', 'workflow-bundle.js');
