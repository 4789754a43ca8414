export type Value = string | undefined;

/** `count` and `format` must be constants, so that a fault in them is found when the configuration is sent and not on a person. */
export type ParameterKind = 'text' | 'condition' | 'count' | 'format';

export interface Parameter {
  name: string;
  kind?: ParameterKind;
  /** `optional`: may be left out, and all after it. `repeats`: as often as wanted, together with those after it. */
  times?: 'optional' | 'repeats';
  /** Refused as an empty constant. */
  notEmpty?: true;
  /** What the function gives may be this argument as it is, so that a list stays one. */
  handedOn?: true;
}

/** A function of mappings: evaluation, schema and documentation come from its entry. */
export interface MappingFunction {
  parameters: readonly Parameter[];
  /** The least and the most arguments. */
  arguments: readonly [least: number, most: number];
  /** One line for the reference. */
  says: string;
  example: { takes: readonly Example[]; gives: string };
  givesList?: true;
  apply: (...values: Value[]) => Value;
}

/** The parameter that an argument is for; those that repeat begin again after the last. */
export function parameterAt({ parameters }: MappingFunction, index: number): Parameter | undefined {
  if (index < parameters.length) return parameters[index];
  const repeated = parameters.slice(parameters.findIndex(({ times }) => times === 'repeats'));
  return repeated[(index - parameters.length) % repeated.length];
}

/** An argument in a documented example: an attribute with the value it then has, or a constant. */
export type Example = { attribute: string; value: string } | { constant: string };

export const attribute = (name: string, value: string): Example => ({ attribute: name, value });
export const constant = (text: string): Example => ({ constant: text });

/** What conditions give; Graph's booleans come as the same texts. */
export const truth = (holds: boolean): string => (holds ? 'true' : 'false');
export const isTrue = (value: Value): boolean => value?.toLowerCase() === 'true';
