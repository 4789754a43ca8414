import type { Command } from 'commander';
import type { Session } from '../session';
import { sealingKey } from '../sealing-key';
import { addCommand } from './add-command';

export function addKeyCommands(program: Command, session: Session): void {
  const { output } = session;
  const noun = addCommand(program, 'keys', 'the public key that credentials are sealed to', 'rollcall keys show');
  addCommand(
    noun,
    'show',
    'shows it with its fingerprint, to be compared with what the operators of the workers have published',
    'rollcall keys show',
    'rollcall keys show --json | jq .jwk > sealing-key.json',
  ).action(async () => {
    const key = await sealingKey(session);
    output.data(key, () => `Key:         ${key.kid}\nFingerprint: ${output.style('bold', key.fingerprint)}`);
  });
}
