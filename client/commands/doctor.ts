import type { Command } from 'commander';
import { examine, type Finding } from '../doctor';
import { exitCodes } from '../exit-codes';
import type { Session } from '../session';
import { addCommand } from './add-command';

const marks = { well: ['green', '✓'], ill: ['red', '✗'], unknown: ['yellow', '?'] } as const;

export function addDoctor(program: Command, session: Session): void {
  const { output } = session;
  addCommand(
    program,
    'doctor',
    'says of each part whether it answers, and what to do; ends with 3 if one doesn’t',
    'rollcall doctor',
    'TEMPORAL_ADDRESS=temporal.example.com:7233 rollcall doctor --json',
  )
    .addHelpText(
      'after',
      '\nThe worker is looked for at its health port (ROLLCALL_HEALTH_PORT), the codec server at ROLLCALL_CODEC_PORT, both on this machine.',
    )
    .action(async () => {
      const findings: Finding[] = [];
      for await (const finding of examine(session)) {
        findings.push(finding);
        if (!output.json) output.data(finding, () => words(finding));
      }
      if (findings.some(({ is }) => is === 'ill')) session.exit = exitCodes.unreachable;
      if (output.json) output.data({ well: session.exit === exitCodes.done, findings }, () => '');
    });

  function words({ part, is, says, remedy }: Finding): string {
    const [colour, mark] = marks[is];
    return `${output.style(colour, mark)} ${part}: ${says}${remedy ? `\n    ${remedy}` : ''}`;
  }
}
