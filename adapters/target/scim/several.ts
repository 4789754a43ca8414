import type { Place, Several } from './places';
import { isObject, type Resource } from './words';

type One = Record<string, unknown>;
type SeveralPlace = Extract<Place, { in: 'several' }>;

/** Parts that say which value it is, and are no value themselves. */
const labels: ReadonlySet<string> = new Set(['type', 'primary', 'display']);

/** The value that is ours among several: of our type, else one without a type; for e-mail addresses also whatever is shown first. */
export function ours(
  values: readonly One[],
  { attribute, type }: Pick<SeveralPlace, 'attribute' | 'type'>,
  isReading = false,
): One | undefined {
  const typed = values.filter((one) => typeof one.type === 'string' && one.type.toLowerCase() === type);
  const found = typed.find(isPrimary) ?? typed[0];
  if (found) return found;
  const untyped = type === 'work' ? values.filter(({ type: none }) => none === undefined || none === null || none === '') : [];
  const plain = untyped.find(isPrimary) ?? untyped[0];
  return plain ?? (isReading && attribute === 'emails' ? (values.find(isPrimary) ?? values[0]) : undefined);
}

export function severalIn(resource: Resource, attribute: Several): One[] {
  const values = resource[attribute];
  return Array.isArray(values) ? values.filter(isObject) : [];
}

/** All values of the attribute once ours hold `texts`; a text that is undefined is taken away. Others are the LMS's, and stay. */
export function withOurs(resource: Resource, attribute: Several, texts: readonly (readonly [SeveralPlace, string | undefined])[]): One[] {
  let values = severalIn(resource, attribute).map((one) => ({ ...one }));
  for (const [place, text] of texts) {
    const found = ours(values, place);
    if (text === undefined) {
      if (!found) continue;
      delete found[place.sub];
      if (Object.keys(found).every((name) => labels.has(name))) values = values.filter((one) => one !== found);
    } else if (found) found[place.sub] = text;
    else values.push({ [place.sub]: text, type: place.type });
  }
  return attribute === 'emails' ? withPrimary(values) : values;
}

/** Exactly one address is the primary one (RFC 7643, 2.4): the one that we write. */
function withPrimary(values: One[]): One[] {
  const first = ours(values, { attribute: 'emails', type: 'work' });
  if (!first) return values;
  return values.map((one) => {
    if (one === first) return { ...one, primary: true };
    const { primary: _primary, ...rest } = one;
    return rest;
  });
}

function isPrimary(one: One): boolean {
  return one.primary === true;
}
