import type { ReactNode } from 'react';
import type { Value, Values, VariableState } from '../variables';

/** What every kind of field gets. */
export interface FieldProps {
  field: VariableState;
  value: Value;
  onChange: (value: Value) => void;
  onBlur: () => void;
  /** Values of the whole form: what pickers are filtered by. */
  values: Values;
  label: string;
  description: ReactNode;
  error: ReactNode;
}

/** What Mantine's inputs take of it. */
export function inputProps({ field, label, description, error, onBlur }: FieldProps) {
  return {
    label,
    description,
    error,
    onBlur,
    name: field.name,
    'aria-required': field.required || undefined,
    labelProps: { 'data-required': field.required || undefined },
    descriptionProps: { component: 'div' as const }, // it may hold paragraphs
    inputWrapperOrder: ['label', 'description', 'input', 'error'] as (
      'label' | 'description' | 'input' | 'error'
    )[],
  };
}
