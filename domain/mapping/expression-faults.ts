import { didYouMean } from '../configuration/closest';
import { functionNames, functionOf, isFunction } from './functions';
import { piecesOf } from './functions/date-format';
import type { MappingFunction, Parameter } from './functions/function';
import { signatureOf } from './functions/signature';
import { attributeFault } from './graph-attributes';

export interface Fault {
  path: (string | number)[];
  message: string;
}

/** Deeper than anybody writes by hand. */
const deepest = 20;
const longestConstant = 1000;

/** Every fault of an expression, each with its path: of a union of schemas, zod would report only that nothing fitted. */
export function faultsInExpression(value: unknown, path: Fault['path'] = [], depth = 1): Fault[] {
  if (value === undefined) return [{ path, message: 'is missing' }];
  if (depth > deepest) return [{ path, message: `expected at most ${deepest} functions inside one another` }];
  if (typeof value === 'string') return fault(path, attributeFault(value));
  const [entry, ...more] = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  if (!entry || more.length > 0) return [{ path, message: 'expected an attribute’s name, {"constant": "…"} or one function' }];

  const [name, operands] = entry as [string, unknown];
  const inside = [...path, name];
  if (name === 'constant') return fault(inside, constantFault(operands));
  if (!isFunction(name)) {
    const meant = didYouMean(name, [...functionNames, 'constant']);
    return [{ path: inside, message: `no such function; there are ${functionNames.join(', ')}${meant}` }];
  }
  const used = functionOf(name);
  const [least, most] = used.arguments;
  if (!Array.isArray(operands) || operands.length < least || operands.length > most) {
    const size = least === most ? `${least}` : `${least} to ${most}`;
    return [{ path: inside, message: `expected a list of ${size}: ${signatureOf(name)}` }];
  }
  const unpaired = name === 'Switch' && operands.length % 2 === 1 ? 'keys and values come in pairs' : undefined;
  return [
    ...fault(inside, unpaired),
    ...operands.flatMap((operand, index) => operandFaults(used, operand, index, [...inside, index], depth)),
  ];
}

function operandFaults(used: MappingFunction, operand: unknown, index: number, path: Fault['path'], depth: number): Fault[] {
  const faults = faultsInExpression(operand, path, depth + 1);
  const parameter = used.parameters[index];
  return faults.length > 0 || !parameter ? faults : fault(path, parameterFault(parameter, operand));
}

/** Counts and formats are constants, and proper ones: else the fault would show on people instead of here. */
function parameterFault({ name, kind, notEmpty }: Parameter, operand: unknown): string | undefined {
  const constant = typeof operand === 'object' ? (operand as { constant?: string }).constant : undefined;
  if (notEmpty && constant === '') return `${name} must not be empty`;
  if (kind === 'count') {
    return constant !== undefined && /^[1-9]\d{0,3}$/.test(constant)
      ? undefined
      : `${name}: expected a whole number from 1, as {"constant": "3"}`;
  }
  if (kind !== 'format') return undefined;
  if (constant === undefined) return `${name}: expected a constant, as {"constant": "yyyy-MM-dd"}`;
  const pieces = constant === '' ? [] : piecesOf(constant);
  return 'fault' in pieces ? `${name}: ${pieces.fault}` : undefined;
}

function constantFault(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return 'expected text: put it in quotation marks';
  if (typeof value !== 'string') return 'expected text';
  return value.length > longestConstant ? `expected at most ${longestConstant} characters` : undefined;
}

const fault = (path: Fault['path'], message: string | undefined): Fault[] => (message === undefined ? [] : [{ path, message }]);
