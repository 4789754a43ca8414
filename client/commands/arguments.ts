import { InvalidArgumentError } from 'commander';
import { isCustomerId } from '../../domain/customer/customer-id';

/** For commander: what an argument must be, and what it is then. */
export function customerId(text: string): string {
  if (!isCustomerId(text)) throw new InvalidArgumentError('A customer’s id is 1 to 63 lower-case letters, digits and hyphens.');
  return text;
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('A whole number is expected.');
  return Number(text);
}

export function number(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError('A number is expected.');
  return Number(text);
}

/** Collects `name=value`, option after option. The value is JSON where it can be, else text. */
export function assignment(text: string, before: Record<string, unknown> = {}): Record<string, unknown> {
  const [, name, value] = /^([\w.]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('name=value is expected.');
  return { ...before, [name]: jsonOrText(value) };
}

/** As `assignment`, for a person's properties: digits are text there, as in a phone number. */
export function property(text: string, before: Record<string, unknown> = {}): Record<string, unknown> {
  const number = /^([\w.]+)=([-+\d.eE]+)$/.exec(text);
  return number?.[1] === undefined ? assignment(text, before) : { ...before, [number[1]]: number[2] };
}

function jsonOrText(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
