import { Button, CloseButton, FileButton, Input, Text } from '@mantine/core';
import { IconFile, IconUpload } from '@tabler/icons-react';
import { useId, useState, type DragEvent } from 'react';
import { bytesText } from '../../result/details/bytes';
import type { FieldProps } from './field';
import classes from './Fields.module.css';

/** A file: dropped here, or chosen. */
export function FileField({
  field,
  value,
  onChange,
  onBlur,
  label,
  description,
  error,
}: FieldProps) {
  const [over, setOver] = useState(false);
  const id = useId();
  const file = value instanceof File ? value : null;

  function take(chosen: File | null) {
    if (chosen !== null) onChange(chosen);
    onBlur();
  }

  function dropped(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0] ?? null);
  }

  return (
    <Input.Wrapper
      id={id}
      label={label}
      description={description}
      error={error}
      labelProps={{ id: `${id}-label`, 'data-required': field.required || undefined }}
      descriptionProps={{ component: 'div' }}
      inputWrapperOrder={['label', 'description', 'input', 'error']}
    >
      <div
        className={classes.drop}
        data-over={over || undefined}
        data-error={error ? true : undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={dropped}
      >
        <IconFile size={20} stroke={1.6} aria-hidden />
        <Text size="sm" className={classes.file} c={file ? undefined : 'dimmed'}>
          {file ? `${file.name} · ${bytesText(file.size)}` : 'Drop a file here, or choose one'}
        </Text>
        <FileButton onChange={take} inputProps={{ id, name: field.name }}>
          {(button) => (
            <Button
              {...button}
              variant="default"
              ml="auto"
              leftSection={<IconUpload size={15} aria-hidden />}
              aria-describedby={`${id}-label`}
            >
              {file ? 'Another' : 'Choose'}
            </Button>
          )}
        </FileButton>
        {file && <CloseButton aria-label="Take no file" onClick={() => onChange(null)} />}
      </div>
    </Input.Wrapper>
  );
}
