import { functions, type FunctionName } from './functions';

export interface Fault {
  path: (string | number)[];
  message: string;
}

/** Deeper nesting than this is a mistake. */
const deepest = 10;

/** Every fault of an expression, each with its path: of a union, zod would report only that nothing fitted. */
export function faultsInExpression(value: unknown, path: Fault['path'] = [], depth = 0): Fault[] {
  if (depth > deepest) return [{ path, message: `nested more than ${deepest} deep` }];
  if (typeof value === 'string') return attributeFaults(value, path);
  const [entry, ...more] =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value as Record<string, unknown>) : [];
  if (!entry || more.length > 0) return [{ path, message: 'expected an attribute’s name, {"constant": "…"} or one function' }];

  const [name, operands] = entry;
  if (name === 'constant') return typeof operands === 'string' ? [] : [{ path: [...path, name], message: 'expected text' }];
  if (!Object.hasOwn(functions, name))
    return [{ path: [...path, name], message: `no such function; there are ${Object.keys(functions).join(', ')}` }];
  const [least, most] = functions[name as FunctionName].arguments;
  if (!Array.isArray(operands) || operands.length < least || operands.length > most) {
    return [{ path: [...path, name], message: `expected a list of ${least === most ? least : `${least} to ${most}`}` }];
  }
  return operands.flatMap((operand, index) => faultsInExpression(operand, [...path, name, index], depth + 1));
}

/** Names go into a request to Graph: nothing but names, so that nobody writes queries by way of a mapping. */
export function attributeFaults(name: string, path: Fault['path'] = []): Fault[] {
  if (!name) return [{ path, message: 'an attribute has a name' }];
  return /^(manager\.)?[A-Za-z][A-Za-z0-9_]{0,127}$/.test(name)
    ? []
    : [{ path, message: 'an attribute’s name consists of letters, digits and "_", perhaps after "manager."' }];
}
