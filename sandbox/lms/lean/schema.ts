import { describeField, type CustomField } from '../custom-fields';
import { urn } from '../scim';

export interface Attribute {
  name: string;
  type: 'string' | 'boolean' | 'number' | 'complex';
  multiValued?: boolean;
  required?: boolean;
  unique?: boolean;
  caseExact?: boolean;
  subAttributes?: readonly Attribute[];
  /** Of this LMS, with rules of its own. */
  custom?: CustomField;
}

export interface Schema {
  id: string;
  name: string;
  description: string;
  attributes: readonly Attribute[];
}

const text = (name: string, more: Partial<Attribute> = {}): Attribute => ({ name, type: 'string', ...more });
const flag = (name: string): Attribute => ({ name, type: 'boolean' });
const complex = (name: string, subAttributes: Attribute[], multiValued = false): Attribute => ({
  name,
  type: 'complex',
  subAttributes,
  ...(multiValued && { multiValued }),
});
const several = (name: string, ...more: Attribute[]) =>
  complex(name, [text('value'), text('display'), text('type'), flag('primary'), ...more], true);

/** RFC 7643, 4.1, without what only a directory would hold. */
const core: Schema = {
  id: urn.user,
  name: 'User',
  description: 'User Account',
  attributes: [
    text('externalId', { caseExact: true }),
    text('userName', { required: true, unique: true }),
    complex(
      'name',
      ['formatted', 'familyName', 'givenName', 'middleName', 'honorificPrefix', 'honorificSuffix'].map((name) => text(name)),
    ),
    ...['displayName', 'nickName', 'profileUrl', 'title', 'userType', 'preferredLanguage', 'locale', 'timezone'].map((name) => text(name)),
    flag('active'),
    several('emails'),
    several('phoneNumbers'),
    complex(
      'addresses',
      [...['formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country', 'type'].map((name) => text(name)), flag('primary')],
      true,
    ),
    several('entitlements'),
    several('roles'),
  ],
};

const enterprise: Schema = {
  id: urn.enterprise,
  name: 'EnterpriseUser',
  description: 'Enterprise User',
  attributes: [
    ...['employeeNumber', 'costCenter', 'organization', 'division', 'department'].map((name) => text(name)),
    complex('manager', [text('value'), text('$ref'), text('displayName')]),
  ],
};

/** The schemas of one LMS: the core one first, then its extensions. */
export class Schemas {
  readonly core = core;
  readonly extensions: readonly Schema[];
  private readonly names = new Map<Schema, Map<string, Attribute>>();

  constructor(fields: readonly CustomField[]) {
    const custom: Schema = {
      id: urn.custom,
      name: 'CustomFields',
      description: 'Custom fields of this LMS',
      attributes: fields.map((field) => ({
        name: field.name,
        type: field.type === 'number' || field.type === 'boolean' ? field.type : 'string',
        custom: field,
      })),
    };
    this.extensions = fields.length > 0 ? [enterprise, custom] : [enterprise];
    for (const schema of [core, ...this.extensions]) this.names.set(schema, byLowerName(schema.attributes));
  }

  extension(id: string): Schema | undefined {
    return (
      this.extensions.find((schema) => schema.id === id) ?? this.extensions.find((schema) => schema.id.toLowerCase() === id.toLowerCase())
    );
  }

  /** Attributes are known whatever their case (RFC 7643, 2.1). */
  attribute(schema: Schema, name: string): Attribute | undefined {
    const names = this.names.get(schema);
    return names?.get(name) ?? names?.get(name.toLowerCase());
  }
}

const subNames = new WeakMap<Attribute, Map<string, Attribute>>();

export function subAttribute(attribute: Attribute, name: string): Attribute | undefined {
  let names = subNames.get(attribute);
  if (!names) subNames.set(attribute, (names = byLowerName(attribute.subAttributes ?? [])));
  return names.get(name) ?? names.get(name.toLowerCase());
}

/** By its own and by its lower-case name, so that the usual spelling is found at once. */
function byLowerName(attributes: readonly Attribute[]): Map<string, Attribute> {
  return new Map(
    attributes.flatMap((attribute) => [[attribute.name, attribute] as const, [attribute.name.toLowerCase(), attribute] as const]),
  );
}

/** As `/Schemas` shows it. */
export function describeAttribute(attribute: Attribute): object {
  return {
    name: attribute.name,
    type: attribute.type === 'number' ? 'decimal' : attribute.type,
    multiValued: attribute.multiValued ?? false,
    description: attribute.custom ? describeField(attribute.custom) : '',
    required: attribute.required ?? false,
    caseExact: attribute.caseExact ?? false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: attribute.unique ? 'server' : 'none',
    ...(attribute.subAttributes && { subAttributes: attribute.subAttributes.map(describeAttribute) }),
  };
}
