import { z } from 'zod';
import { isExpressionSchema } from '../mapping/expression-schema';
import { functionNames, functionOf } from '../mapping/functions';
import { signatureOf } from '../mapping/functions/signature';
import { graphAttributes, nestedAttributes } from '../mapping/graph-attributes';
import { configurationSchema } from './configuration-schema';
import { fieldMappingForm, isFieldMapping } from './field-schema';

export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** The configuration as operators write it, as a JSON Schema (2020-12): editors complete keys, functions and attributes from it. */
export function configurationJsonSchema(): JsonSchema {
  const { $schema, properties, ...schema } = jsonSchemaOf(configurationSchema);
  const { $schema: _same, ...fieldMapping } = jsonSchemaOf(fieldMappingForm);
  return {
    $schema,
    title: 'Rollcall: one customer’s configuration',
    ...schema,
    properties: { $schema: { type: 'string', description: 'This schema’s address, for editors.' }, ...properties },
    $defs: { expression: expressionDefinition(), fieldMapping },
  };
}

function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      if (isExpressionSchema(zodSchema)) jsonSchema.$ref = '#/$defs/expression';
      if (!isFieldMapping(zodSchema)) return;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      jsonSchema.anyOf = [{ $ref: '#/$defs/expression' }, { $ref: '#/$defs/fieldMapping' }];
    },
  });
}

/** What zod can't tell: its schema of an expression is code, so that faults have paths. */
function expressionDefinition(): JsonSchema {
  const properties = Object.fromEntries(
    functionNames.map((name) => {
      const [minItems, maxItems] = functionOf(name).arguments;
      const description = `${signatureOf(name)}: ${functionOf(name).says}`;
      return [name, { description, type: 'array', minItems, maxItems, items: { $ref: '#/$defs/expression' } }];
    }),
  );
  return {
    description: 'An attribute’s name, a constant, or one function of further expressions.',
    anyOf: [
      { type: 'string', minLength: 1, anyOf: [{ enum: [...graphAttributes, ...nestedAttributes] }, { pattern: '^[A-Za-z]' }] },
      {
        type: 'object',
        properties: { constant: { type: 'string', maxLength: 1000 } },
        required: ['constant'],
        additionalProperties: false,
      },
      { type: 'object', properties, minProperties: 1, maxProperties: 1, additionalProperties: false },
    ],
  } as JsonSchema;
}
