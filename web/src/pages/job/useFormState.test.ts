import { describe, expect, it } from 'vitest';
import { mergedFields, shownErrors } from './useFormState';

const declared = [
  { name: 'kind', type: 'ChoiceVar', required: true },
  { name: 'mode', type: 'ChoiceVar', required: true, visible_if: { kind: ['fibre'] } },
];

describe('the fields of a form', () => {
  it('hide what depends on others until the server has answered', () => {
    expect(mergedFields(declared, undefined, {}).map((field) => field.visible)).toEqual([
      true,
      false,
    ]);
  });

  it('are what the server says then', () => {
    const values = { kind: 'fibre', mode: '' };
    const state = {
      valid: false,
      errors: {},
      variables: [
        { ...declared[0]!, visible: true, errors: [] },
        { ...declared[1]!, visible: true, errors: ['This field is required.'], choices: [] },
      ],
    };
    const fields = mergedFields(declared, { state, values }, values);
    expect(fields[1]).toMatchObject({ visible: true, choices: [] });
    expect(shownErrors(fields[1]!, false, undefined)).toEqual([]);
    expect(shownErrors(fields[1]!, true, undefined)).toEqual(['This field is required.']);
    const later = mergedFields(declared, { state, values }, { ...values, mode: 'single' });
    expect(shownErrors(later[1]!, true, undefined)).toEqual([]);
  });

  it('show what a submit was refused for, touched or not', () => {
    const field = mergedFields(declared, undefined, {})[0]!;
    expect(shownErrors(field, false, ['No.'])).toEqual(['No.']);
    expect(shownErrors({ ...field, errors: ['Live.'] }, true, [])).toEqual(['Live.']);
  });
});
