import { Button, Group, Text, Textarea } from '@mantine/core';
import { jsonProblem } from '../variables';
import { inputProps, type FieldProps } from './field';
import classes from './Fields.module.css';
import { TextField } from './TextField';

/** JSON as text, checked while one types: the line where it stops to be JSON is told. */
export function JsonField(props: FieldProps) {
  const { value, onChange, onBlur, field } = props;
  const text = String(value ?? '');
  const problem = jsonProblem(text);
  if (field.sensitive) return <TextField {...props} />;

  function tidy() {
    if (problem === null && text.trim() !== '' && !/\d{16}/.test(text)) {
      onChange(JSON.stringify(JSON.parse(text), null, 2));
    }
  }

  return (
    <div>
      <Textarea
        {...inputProps(props)}
        error={problem === null ? props.error : true}
        classNames={{ input: classes.code! }}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
        onBlur={onBlur}
        autosize
        minRows={4}
        maxRows={20}
        spellCheck={false}
        autoComplete="off"
        placeholder="{ }"
      />
      <Group justify="space-between" mt={4} wrap="nowrap" align="flex-start" mih={24}>
        <Text size="xs" c={problem ? 'var(--mantine-color-error)' : 'dimmed'} aria-live="polite">
          {problem
            ? `Line ${problem.line}: ${problem.message}`
            : text.trim()
              ? 'This is JSON.'
              : ''}
        </Text>
        <Button
          variant="subtle"
          size="compact-xs"
          onClick={tidy}
          disabled={problem !== null || text.trim() === ''}
        >
          Tidy up
        </Button>
      </Group>
    </div>
  );
}
