import { z } from 'zod';
import type { Expression } from './expression';
import { faultsInExpression } from './expression-faults';

/** A schema of one's own and no union: see `faultsInExpression`. Editors get theirs from `domain/configuration/json-schema.ts`. */
export const expressionSchema = z.custom<Expression>().superRefine((value, context) => {
  for (const { path, message } of faultsInExpression(value)) context.addIssue({ code: 'custom', path, message });
});

/** The same schema as an instance of its own, so that it can be described; `isExpressionSchema` tells them all. */
export function describedExpression(description: string): z.ZodType<Expression, Expression> {
  const schema = expressionSchema.describe(description) as z.ZodType<Expression, Expression>;
  expressionSchemas.add(schema);
  return schema;
}

const expressionSchemas = new WeakSet<object>([expressionSchema]);

export const isExpressionSchema = (schema: object): boolean => expressionSchemas.has(schema);
