import type { DirectoryMember } from '../member';
import type { Source } from './expression';

/** Reads an attribute of a member as text: Graph's own name, `manager.<attribute>`, or `extensionAttribute1` to `15`. Lists come with ";" between their items. */
export function sourceOf(member: DirectoryMember): Source {
  return (attribute) => {
    if (attribute.startsWith('manager.'))
      return textOf((member.manager as Record<string, unknown> | null | undefined)?.[attribute.slice(8)]);
    if (/^extensionAttribute\d+$/.test(attribute))
      return textOf((member.onPremisesExtensionAttributes as Record<string, unknown> | null | undefined)?.[attribute]);
    return Object.hasOwn(member, attribute) ? textOf(member[attribute]) : undefined;
  };
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value || undefined;
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.map(textOf).filter(Boolean).join(';') || undefined;
  return undefined;
}
