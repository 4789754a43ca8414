import { StringDecoder } from 'node:string_decoder';
import { CommandFailure } from './command-failure';
import { exitCodes } from './exit-codes';
import { usageFailure } from './session';
import type { Surroundings } from './surroundings';

/** Characters; far above a private key with its certificates. */
const longest = 100_000;

/** A secret from a hidden prompt, or all of stdin but its last line end. It comes from nowhere else: arguments are seen by every user of the machine, and kept by the shell. */
export async function readSecret(surroundings: Pick<Surroundings, 'stdin' | 'stderr'>, asks: string, fromStdin: boolean): Promise<string> {
  if (!fromStdin && !surroundings.stdin.isTTY) {
    throw usageFailure('there is no terminal to ask for the secret at', 'Hand it over on stdin: --secret-stdin < file.');
  }
  const value = fromStdin ? (await all(surroundings.stdin)).replace(/\r?\n$/, '') : await hidden(surroundings, asks);
  if (value.trim() === '') throw usageFailure('the secret is empty', 'Nothing was sent.');
  return value;
}

async function all(stdin: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length > longest) throw usageFailure(`the secret is longer than ${longest} characters`, 'Nothing was sent.');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Reads a line key by key with the terminal's echo off. Backspace, Ctrl-U and Ctrl-C do what they do elsewhere. */
function hidden({ stdin, stderr }: Pick<Surroundings, 'stdin' | 'stderr'>, asks: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed = '';
    const decoder = new StringDecoder('utf8'); // a letter may come in two pieces
    const done = (settle: () => void) => {
      stdin.off('data', onData).off('end', onEnd);
      stdin.setRawMode?.(false);
      stdin.pause();
      stderr.write('\n');
      settle();
    };
    const onEnd = () => done(() => resolve(typed));
    const onData = (chunk: Buffer | string) => {
      for (const key of decoder.write(Buffer.from(chunk))) {
        if (key === '\r' || key === '\n' || key === '\u0004') return done(() => resolve(typed));
        if (key === '\u0003') return done(() => reject(stopped()));
        if (key === '\u007f' || key === '\b') typed = [...typed].slice(0, -1).join('');
        else if (key === '\u0015') typed = '';
        else typed += key;
      }
    };
    stdin.setRawMode?.(true); // before it asks: what is pasted at once would be echoed
    stderr.write(`${asks} (it is not shown): `);
    stdin.on('data', onData).on('end', onEnd).resume();
  });
}

function stopped(): CommandFailure {
  return new CommandFailure({ code: 'Interrupted', faults: ['stopped; nothing was sent'], exit: exitCodes.interrupted });
}
