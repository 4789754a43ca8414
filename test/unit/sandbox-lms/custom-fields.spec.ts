import { customField, faultOf } from '../../../sandbox/lms/custom-fields';

const date = customField.parse({ name: 'startDate', type: 'date' });
const tracks = customField.parse({ name: 'tracks', type: 'list', items: ['Safety', 'Sales'] });

describe('a custom field of the LMS', () => {
  test.each(['2026-01-31', '2026-01-31T00:00:00Z', '31/01/2026', '31/01/26', '29/02/2024', ''])('takes the date %j', (value) => {
    expect(faultOf(date, value)).toBeUndefined();
  });

  test.each(['31-01-2026', '2026-02-30', '29/02/2026', '01/13/2026', 'soon', '2026-01-31Tx', 20260131])('refuses the date %j', (value) => {
    expect(faultOf(date, value)).toMatch(/startDate/);
  });

  test.each(['', 'Safety', 'Safety;Sales', ' Safety ; Sales;'])('of items takes %j', (value) => {
    expect(faultOf(tracks, value)).toBeUndefined();
  });

  test('of items names the ones that it lacks and those that there are', () => {
    expect(faultOf(tracks, 'Safety;Juggling;sales')).toBe("Attribute 'tracks' has no item 'Juggling', 'sales'; there are Safety, Sales");
    expect(faultOf(tracks, ['Safety'])).toMatch(/expected text/);
  });

  test('has items if it is a list, and only then', () => {
    expect(customField.safeParse({ name: 'tracks', type: 'list' }).success).toBe(false);
    expect(customField.safeParse({ name: 'tracks', items: ['a'] }).success).toBe(false);
  });
});
