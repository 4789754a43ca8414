import { Option, type Command } from 'commander';
import { seal } from '../../adapters/credentials/sealing';
import { audienceOf } from '../../domain/customer/audience';
import type { CredentialPurpose } from '../../domain/customer/projection';
import { secretFault } from '../../domain/secret-text';
import { CommandFailure } from '../command-failure';
import { exitCodes } from '../exit-codes';
import { sealingKey } from '../sealing-key';
import { readSecret } from '../secret-input';
import { usageFailure, type Session } from '../session';
import { commandOf } from '../words';
import { addCommand } from './add-command';
import { customerId } from './arguments';

interface Options {
  for: CredentialPurpose;
  secretStdin?: boolean;
  fingerprint?: string;
  by?: string;
}

const asks: Record<CredentialPurpose, string> = { directory: 'The client secret’s Value', target: 'The LMS’s token' };

export function addCredentialCommands(program: Command, session: Session): void {
  const noun = addCommand(
    program,
    'credential',
    'the secrets with which Rollcall signs in; sealed before they leave this process',
    'rollcall credential set acme --for directory',
  );
  addCommand(
    noun,
    'set',
    'asks for a secret, seals it for this customer and for its tenant or LMS alone, and hands it over',
    'rollcall credential set acme --for directory',
    'pass show acme/lms | rollcall credential set acme --for target --secret-stdin',
  )
    .argument('<customer>', 'the customer’s id', customerId)
    .addOption(new Option('--for <purpose>', 'what it signs in to').choices(['directory', 'target']).makeOptionMandatory())
    .option('--secret-stdin', 'reads it from stdin instead of asking')
    .option('--fingerprint <expected>', 'goes on only if the workers’ key has this fingerprint')
    .option('--by <name>', 'who hands it over (default: the user of this machine)')
    .addHelpText(
      'after',
      '\nThe secret is never taken from an argument: those are seen by every user of the machine and kept by the shell.',
    )
    .action((id: string, options: Options) => setCredential(session, id, options));
}

async function setCredential(session: Session, id: string, options: Options): Promise<void> {
  const { output, surroundings } = session;
  const purpose = options.for;
  const client = await session.client();
  const [{ configuration, name }, key] = await Promise.all([client.query(id, 'status'), sealingKey(session)]);
  const audience = audienceOf(configuration, purpose);
  output.note(`For ${name} (${id}), ${purpose}: ${audience}`);
  output.note(`Sealed to key ${key.kid}, fingerprint ${key.fingerprint}`);
  if (options.fingerprint && !isSame(options.fingerprint, key.fingerprint)) throw otherKey(options.fingerprint, key.fingerprint);
  const secret = await readSecret(surroundings, asks[purpose], options.secretStdin ?? false);
  const fault = secretFault(secret, purpose);
  if (fault) throw usageFailure(`what was handed over can’t be used: ${fault}`, 'Nothing was sealed and nothing sent.');
  if (purpose === 'directory' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(secret))
    output.note('That looks like a Secret ID. Entra wants the secret’s Value; the connection test will tell.');
  const sealed = await seal(secret, key.jwk, { customerId: id, purpose, audience });
  const answer = await client.update(id, 'provideCredential', { purpose, sealed, by: session.by(options) });
  output.data({ credentialId: answer.credentialId, audience, kid: key.kid, fingerprint: key.fingerprint, status: answer.status }, () => {
    const { next } = answer.status;
    return `Handed over, as ${answer.credentialId}.${next ? `\nNext: ${commandOf(id, next)}` : ''}`;
  });
}

/** Read aloud or copied: letter case, spaces and hyphens don't matter. */
function isSame(one: string, other: string): boolean {
  const bare = (text: string) => text.toUpperCase().replace(/[\s-]/g, '');
  return bare(one) === bare(other);
}

function otherKey(expected: string, found: string): CommandFailure {
  return new CommandFailure({
    code: 'SealingKeyUnusable',
    faults: [`the workers’ key has the fingerprint ${found}, not ${expected}`],
    remedy: 'Nothing was sealed and nothing sent. Ask the operators of the workers which key is theirs.',
    exit: exitCodes.refused,
  });
}
