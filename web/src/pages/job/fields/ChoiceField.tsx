import { MultiSelect, Select, type ComboboxData } from '@mantine/core';
import { isGroup, type Choice, type VariableState } from '../variables';
import { inputProps, type FieldProps } from './field';

const item = ([value, label]: Choice) => ({ value: String(value), label: String(label) });

/** Choices as the input takes them; groups stay groups. */
export function choiceData(field: VariableState): ComboboxData {
  return (field.choices ?? []).map((choice) =>
    isGroup(choice) ? { group: choice[0], items: choice[1].map(item) } : item(choice),
  );
}

/** One of some choices, which may depend on other fields. Searched by typing. */
export function ChoiceField(props: FieldProps) {
  const { field, value, onChange } = props;
  const none = (field.choices ?? []).length === 0;
  return (
    <Select
      {...inputProps(props)}
      data={choiceData(field)}
      value={value === '' ? null : String(value)}
      onChange={(chosen) => onChange(chosen ?? '')}
      searchable
      clearable={!field.required}
      allowDeselect={!field.required}
      placeholder={none ? 'No choices with what is filled in so far' : 'Choose'}
      nothingFoundMessage="No choice has this in its name"
    />
  );
}

export function MultiChoiceField(props: FieldProps) {
  const { field, value, onChange } = props;
  const chosen = Array.isArray(value) ? value : [];
  return (
    <MultiSelect
      {...inputProps(props)}
      data={choiceData(field)}
      value={chosen}
      onChange={onChange}
      searchable
      clearable
      placeholder={chosen.length === 0 ? 'Choose' : ''}
      nothingFoundMessage="No choice has this in its name"
    />
  );
}
