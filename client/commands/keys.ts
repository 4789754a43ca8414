import type { Command } from 'commander';
import type { Session } from '../session';
import { sealingKey } from '../sealing-key';

export function addKeyCommands(program: Command, session: Session): void {
  const { output } = session;
  program
    .command('keys')
    .description('the public key that credentials are sealed to')
    .command('show')
    .description('shows it with its fingerprint, to be compared with what the operators of the workers have published')
    .action(async () => {
      const key = await sealingKey(session);
      output.data(key, () => `Key:         ${key.kid}\nFingerprint: ${output.style('bold', key.fingerprint)}`);
    });
}
