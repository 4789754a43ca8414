import type { TargetMemory } from '../../../adapters/target/target';
import { scriptedLms, signal, type Answer } from './scripted-lms';

const vip = { vip: { type: 'boolean' } };
const schemas = { Resources: [{ id: 'urn:x', attributes: [{ name: 'vip', type: 'boolean' }] }] };
const jo = { userName: 'jo', active: true, externalId: 'e', fields: { 'custom.vip': 'true' }, onlyAtCreation: [], keptWhenEmpty: [] };

const lms = scriptedLms();
/** To whatever an LMS may say of itself. */
let says: Answer;
let made: unknown[];
/** A target to which no custom field was told yet, or these. */
const open = (customFields?: TargetMemory) => lms.open({ customFields });

beforeEach(() => {
  made = [];
  lms.answer = ({ path, method, body }) => {
    if (!path.startsWith('/Users')) return says;
    if (method === 'GET') return { body: { totalResults: 0, Resources: [] } };
    const user = { ...(JSON.parse(body) as object), id: '1' };
    made.push(user);
    return { status: 201, body: user };
  };
});

const html = '<!DOCTYPE html><html></html>';

describe('What an LMS says of itself', () => {
  test.each([[502], [503], [504], [408], [429]])(
    'is asked for again by the caller where HTTP %i comes in its place, and nobody is written',
    async (status) => {
      says = { status, headers: { 'retry-after': '1' } };
      const target = open();
      await expect(target.create(jo, undefined, signal)).rejects.toMatchObject({ status });
      await expect(target.discover(signal)).rejects.toMatchObject({ status });
      expect(made).toEqual([]);

      says = { body: schemas };
      await target.create(jo, undefined, signal);
      expect(made).toMatchObject([{ 'urn:x': { vip: true } }]);
      expect(target.memory()).toMatchObject({ customFields: vip });
    },
  );

  test.each([[400], [403], [404], [405], [501]])('is nothing for good where it answers HTTP %i', async (status) => {
    says = { status };
    const target = open();
    await target.create(jo, undefined, signal);
    expect(made).toMatchObject([{ 'urn:x': { vip: 'true' } }]);
    expect(target.memory()).toMatchObject({ customFields: {} });
  });

  test.each([
    ['a page of HTML', { body: html }],
    ['a redirect', { status: 302, headers: { location: 'https://elsewhere.example/' } }],
    ['HTTP 500 again and again', { status: 500 }],
  ])('is asked for in the next run where %s comes in its place, and stands in nobody’s way', async (_title, answer) => {
    says = answer;
    const target = open();
    await target.create(jo, undefined, signal);
    expect(made).toHaveLength(1);
    expect(target.memory()).not.toHaveProperty('customFields');
  });

  test.each([
    ['HTTP 404', { status: 404 }],
    ['a page of HTML', { body: html }],
  ])('counts on where %s comes in its place some day', async (_title, answer) => {
    says = answer;
    const target = open(vip);
    await target.discover(signal);
    expect(target.memory()).toMatchObject({ customFields: vip });
  });
});
