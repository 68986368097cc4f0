import { PasswordInput, Textarea, TextInput } from '@mantine/core';
import { inputProps, type FieldProps } from './field';

const hints: Record<string, string> = {
  IPAddressVar: '192.0.2.1 or 2001:db8::1',
  IPAddressWithMaskVar: '192.0.2.1/24',
  IPNetworkVar: '192.0.2.0/24',
};

/** Text on one line: also of numbers and addresses, whose rules are the server's. */
export function TextField(props: FieldProps) {
  const { field, value, onChange } = props;
  const input = {
    ...inputProps(props),
    value: String(value ?? ''),
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  };
  if (field.sensitive) return <PasswordInput {...input} autoComplete="new-password" />;
  const number = field.type === 'IntegerVar';
  return (
    <TextInput
      {...input}
      inputMode={number ? 'numeric' : 'text'}
      placeholder={hints[field.type]}
      autoComplete="off"
      spellCheck={field.type === 'StringVar'}
      w={number ? { base: '100%', xs: 200 } : undefined}
    />
  );
}

export function LongTextField(props: FieldProps) {
  if (props.field.sensitive) return <TextField {...props} />;
  return (
    <Textarea
      {...inputProps(props)}
      value={String(props.value ?? '')}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      autosize
      minRows={3}
      maxRows={16}
    />
  );
}
