import { Checkbox } from '@mantine/core';
import type { FieldProps } from './field';

export function SwitchField({
  field,
  value,
  onChange,
  onBlur,
  label,
  description,
  error,
}: FieldProps) {
  return (
    <Checkbox
      name={field.name}
      label={label}
      description={description}
      error={error}
      checked={value === true}
      onChange={(event) => onChange(event.currentTarget.checked)}
      onBlur={onBlur}
    />
  );
}
