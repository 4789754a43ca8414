import { conditionFunctions } from './conditions';
import { dateFunctions } from './dates';
import type { MappingFunction } from './function';
import { listFunctions } from './lists';
import { textFunctions } from './text';

/**
 * The functions that Entra's administrators know from its own attribute mappings, under the same names (learn.microsoft.com, "Reference for writing
 * expressions for attribute mappings"). Nothing here can run code, loop, call out or take a regular expression. An absent value is `undefined`, never the
 * text "undefined"; the empty string counts as absent, as it does in Entra.
 */
export const functions = { ...conditionFunctions, ...dateFunctions, ...listFunctions, ...textFunctions };

export type FunctionName = keyof typeof functions;

export const functionNames = (Object.keys(functions) as FunctionName[]).sort();

export function isFunction(name: string): name is FunctionName {
  return Object.hasOwn(functions, name);
}

export const functionOf = (name: FunctionName): MappingFunction => functions[name];
