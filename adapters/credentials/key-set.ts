import { readFileSync } from 'node:fs';

/** A key ring that can't be used. Every fault is named at once, and no key is ever repeated. */
export class KeyRingFaulty extends Error {
  constructor(
    readonly ring: string,
    readonly faults: string[],
  ) {
    super(`The ${ring} can’t be used: ${faults.join('; ')}.`);
    this.name = 'KeyRingFaulty';
  }
}

/** Both rings are JWK sets (RFC 7517): the first key is the one in use, the others still open what was made with them. */
export function parseKeySet<Key extends { kid: string }>(
  ring: string,
  text: string,
  keyOf: (jwk: Record<string, unknown>) => Key | string,
): [Key, ...Key[]] {
  const faults: string[] = [];
  const keys: Key[] = [];
  entriesOf(ring, text).forEach((entry, index) => {
    const called = `key ${index + 1}`;
    const jwk = typeof entry === 'object' && entry !== null ? (entry as Record<string, unknown>) : {};
    const { kid } = jwk;
    if (typeof kid !== 'string' || !/^[\w.:-]{1,128}$/.test(kid))
      return void faults.push(`${called} has no "kid" of 1 to 128 letters, digits, . : _ -`);
    if (keys.some((key) => key.kid === kid)) return void faults.push(`${called} has the same "kid" as another, ${kid}`);
    const key = keyOf(jwk);
    if (typeof key === 'string') faults.push(`${called} (${kid}) ${key}`);
    else keys.push(key);
  });
  const [first, ...others] = keys;
  if (faults.length > 0 || !first) throw new KeyRingFaulty(ring, faults.length > 0 ? faults : ['it holds no key']);
  return [first, ...others];
}

function entriesOf(ring: string, text: string): unknown[] {
  let set: unknown;
  try {
    set = JSON.parse(text);
  } catch {
    throw new KeyRingFaulty(ring, ['it is not JSON']); // the parser's own message would repeat a piece of it
  }
  const { keys } = (typeof set === 'object' && set !== null ? set : {}) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new KeyRingFaulty(ring, ['a JWK set is expected: {"keys":[…]}']);
  return keys;
}

/** A secret from the environment: the value itself, or what stands in the file that `<name>_FILE` names. Nothing where neither is set. */
export function secretFrom(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name];
  const file = env[`${name}_FILE`];
  if (value && file) throw new Error(`${name} and ${name}_FILE are both set: remove one of them`);
  if (!file) return value || undefined;
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new Error(
      `${name}_FILE names ${file}, which can’t be read (${(error as NodeJS.ErrnoException).code}): check the path and who may read it`,
      { cause: error },
    );
  }
  if (text === '') throw new Error(`${name}_FILE names ${file}, which is empty`);
  return text;
}
