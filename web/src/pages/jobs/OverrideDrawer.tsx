import {
  Button,
  Drawer,
  Group,
  NumberInput,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { useJobChange } from '~/api/jobChanges';
import { asProblem } from '~/api/problem';
import type { Job } from '~/api/queries';
import { tellDone } from '~/components/notices';
import {
  fieldTexts,
  flagFields,
  isOverridden,
  numberFields,
  patchOf,
  resetOf,
  valuesOf,
  type OverrideField,
} from './overrides';

/** Overrides what a job's class says, field by field, and gives fields back to it. */
export default function OverrideDrawer({ job, onClose }: { job: Job | null; onClose: () => void }) {
  return (
    <Drawer
      opened={job !== null}
      onClose={onClose}
      position="right"
      size="md"
      title={job === null ? '' : `Override ${job.name}`}
    >
      {job !== null && <OverrideForm key={job.id} job={job} onClose={onClose} />}
    </Drawer>
  );
}

function OverrideForm({ job, onClose }: { job: Job; onClose: () => void }) {
  const [values, setValues] = useState(() => valuesOf(job));
  const change = useJobChange();
  const problem = change.isError ? asProblem(change.error) : null;
  const patch = patchOf(job, values);
  const set = <F extends OverrideField>(field: F, value: Job[F]) =>
    setValues((now) => ({ ...now, [field]: value }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const done = () => {
      tellDone(`${values.name} was changed.`);
      onClose();
    };
    change.mutate({ job, patch }, { onSuccess: done });
  };
  const reset = (field: OverrideField) =>
    change.mutate(
      { job, patch: resetOf(field) },
      { onSuccess: (changed) => setValues((now) => ({ ...now, [field]: changed[field] })) },
    );
  /** What every field has: its name, what it means, whose value it is, what is wrong with it. */
  const common = (field: OverrideField) => ({
    label: fieldTexts[field].label,
    description: (
      <>
        {fieldTexts[field].help}
        {isOverridden(job, field) && (
          <Reset label={fieldTexts[field].label} onReset={() => reset(field)} />
        )}
      </>
    ),
    error: problem?.of(field) ?? undefined,
  });
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          What you change here holds in place of what the class says, until you give it back.
        </Text>
        <TextInput
          {...common('name')}
          value={values.name}
          onChange={(event) => set('name', event.currentTarget.value)}
        />
        <TextInput
          {...common('grouping')}
          value={values.grouping}
          onChange={(event) => set('grouping', event.currentTarget.value)}
        />
        <Textarea
          {...common('description')}
          autosize
          minRows={3}
          maxRows={10}
          value={values.description}
          onChange={(event) => set('description', event.currentTarget.value)}
        />
        {numberFields.map((field) => (
          <NumberInput
            key={field}
            {...common(field)}
            min={0}
            suffix=" s"
            value={values[field]}
            onChange={(value) => set(field, Number(value) || 0)}
          />
        ))}
        {flagFields.map((field) => (
          <Switch
            key={field}
            {...common(field)}
            size="sm"
            checked={values[field]}
            onChange={(event) => set(field, event.currentTarget.checked)}
          />
        ))}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Back
          </Button>
          <Button
            type="submit"
            loading={change.isPending}
            disabled={Object.keys(patch).length === 0}
          >
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Reset({ label, onReset }: { label: string; onReset: () => void }) {
  return (
    <Group component="span" gap={8} mt={2}>
      <Text component="span" size="xs" fw={600} c="var(--accent-text)">
        Overridden
      </Text>
      <Button
        variant="subtle"
        size="compact-xs"
        leftSection={<IconArrowBackUp size={13} aria-hidden />}
        onClick={onReset}
        aria-label={`Give ${label} back to the class`}
      >
        Give back to the class
      </Button>
    </Group>
  );
}
