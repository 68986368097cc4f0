import type { ComponentType } from 'react';
import { labelOf, type Value, type Values, type VariableState } from '../variables';
import { ChoiceField, MultiChoiceField } from './ChoiceField';
import type { FieldProps } from './field';
import classes from './Fields.module.css';
import { FileField } from './FileField';
import { JsonField } from './JsonField';
import { MultiObjectField, ObjectField } from './ObjectField';
import { SwitchField } from './SwitchField';
import { LongTextField, TextField } from './TextField';

const kinds: Record<string, ComponentType<FieldProps>> = {
  StringVar: TextField,
  TextVar: LongTextField,
  IntegerVar: TextField,
  BooleanVar: SwitchField,
  DryRunVar: SwitchField,
  ChoiceVar: ChoiceField,
  MultiChoiceVar: MultiChoiceField,
  ObjectVar: ObjectField,
  MultiObjectVar: MultiObjectField,
  FileVar: FileField,
  JSONVar: JsonField,
  IPAddressVar: TextField,
  IPAddressWithMaskVar: TextField,
  IPNetworkVar: TextField,
};

interface Props {
  field: VariableState;
  value: Value;
  values: Values;
  errors: readonly string[];
  onChange: (value: Value) => void;
  onBlur: () => void;
}

/** A variable as a field of the form, of whichever kind it is. */
export function Field({ field, errors, ...rest }: Props) {
  const Kind = kinds[field.type] ?? TextField;
  const { help_text: text, help_text_html: html } = field;
  // Made by the server, which lets a safe subset of HTML through.
  const help =
    html === undefined ? (
      text
    ) : (
      <span className={classes.help} dangerouslySetInnerHTML={{ __html: html }} />
    );
  return (
    <div
      className={classes.field}
      data-field={field.name}
      data-wrong={errors.length > 0 || undefined}
    >
      <Kind
        {...rest}
        field={field}
        label={labelOf(field)}
        description={help}
        error={errors.length > 0 ? errors.join(' ') : undefined}
      />
    </div>
  );
}
