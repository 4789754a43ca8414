import fc from 'fast-check';
import { confirmingBatches, peoplePerBatch } from '../../../adapters/directory/confirming-batches';

const ids = fc.array(fc.nat(120).map(String));

describe('whom a confirming batch asks about', () => {
  it('is everybody exactly once, 19 at most, beside a control who is not in doubt', () => {
    fc.assert(
      fc.property(ids, ids, (people, controls) => {
        const batches = confirmingBatches(people, controls);
        const trusted = controls.filter((id) => !people.includes(id));
        const asked = batches.flatMap((batch) => batch.people);
        expect([...asked].sort()).toEqual(trusted.length === 0 ? [] : [...new Set(people)].sort());
        expect(batches).toHaveLength(trusted.length === 0 ? 0 : Math.ceil(new Set(people).size / peoplePerBatch));
        for (const { control, spare, people: together } of batches) {
          expect(together.length).toBeLessThanOrEqual(peoplePerBatch);
          expect(trusted).toContain(control);
          if (spare !== undefined) expect(trusted).toContain(spare);
          expect(spare).not.toBe(control);
        }
      }),
    );
  });

  it('is nobody where nobody can vouch', () => {
    expect(confirmingBatches(['a', 'b'], [])).toEqual([]);
    expect(confirmingBatches(['a', 'b'], ['a'])).toEqual([]);
  });

  it('takes another control for each batch while they last', () => {
    const people = Array.from({ length: 57 }, (_, n) => `p${n}`);
    expect(confirmingBatches(people, ['x', 'y']).map(({ control }) => control)).toEqual(['x', 'y', 'x']);
  });
});
