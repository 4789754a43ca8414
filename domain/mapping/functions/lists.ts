import { attribute, constant, type MappingFunction } from './function';

/** Lists are text with `;` between the items, as attributes with several values come. */
const itemsOf = (list: string): string[] =>
  list
    .split(';')
    .map((item) => item.trim())
    .filter(Boolean);

export const listFunctions = {
  Item: {
    parameters: [{ name: 'list' }, { name: 'index', kind: 'count' }],
    arguments: [2, 2],
    says: 'One item of a list. The first one is 1.',
    example: { takes: [attribute('otherMails', 'jo@example.org;jo@example.com'), constant('1')], gives: 'jo@example.org' },
    apply: (list, index) => list && itemsOf(list)[Number(index) - 1],
  },
  RemoveDuplicates: {
    parameters: [{ name: 'list' }],
    arguments: [1, 1],
    says: 'The list with each item once.',
    example: { takes: [attribute('businessPhones', '+61 7 1;+61 7 1;+61 7 2')], gives: '+61 7 1;+61 7 2' },
    givesList: true,
    apply: (list) => list && [...new Set(itemsOf(list))].join(';'),
  },
  Split: {
    parameters: [{ name: 'source' }, { name: 'delimiter', notEmpty: true }],
    arguments: [2, 2],
    says: 'Makes a list of text that has another delimiter.',
    example: { takes: [attribute('extensionAttribute5', 'Red, Blue'), constant(',')], gives: 'Red;Blue' },
    givesList: true,
    apply: (source, delimiter) => (source && delimiter ? itemsOf(source.split(delimiter).join(';')).join(';') || undefined : source),
  },
} satisfies Record<string, MappingFunction>;
