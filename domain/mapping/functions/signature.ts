import { functionOf, type FunctionName } from '.';

/** As Entra's reference writes it: `Join(separator, source1, source2, …)`. */
export function signatureOf(name: FunctionName): string {
  const { parameters } = functionOf(name);
  const at = parameters.findIndex(({ times }) => times === 'repeats');
  const fixed = (at < 0 ? parameters : parameters.slice(0, at)).map((parameter) =>
    parameter.times === 'optional' ? `[${parameter.name}]` : parameter.name,
  );
  const repeated = at < 0 ? [] : parameters.slice(at).map((parameter) => parameter.name);
  const numbered = repeated.length > 0 ? [...repeated.map((one) => `${one}1`), ...repeated.map((one) => `${one}2`), '…'] : [];
  return `${name}(${[...fixed, ...numbered].join(', ')})`;
}
