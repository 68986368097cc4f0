import { Alert, Button, Checkbox, Group, Select, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconPlayerPlay } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { asProblem } from '~/api/problem';
import type { Job } from '~/api/queries';
import { resultPath } from '~/components/JobName';
import { CopyAs } from './CopyAs';
import { Field } from './fields/Field';
import { askRun, queuesOfJobQuery } from './jobQueries';
import { mergedFields, shownErrors, useFormState } from './useFormState';
import { bodyOf, emptyValue, type Value, type Values, type Variable } from './variables';

interface RunFormProps {
  job: Job;
  variables: Variable[];
  first: Values;
  firstQueue: string;
}

type Refusals = Readonly<Record<string, readonly string[]>>;

/** The form of a job. Every rule is the server's: it is asked while one types, and at the end. */
export function RunForm({ job, variables, first, firstQueue }: RunFormProps) {
  const [values, setValues] = useState(first);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [queue, setQueue] = useState(firstQueue);
  const [ignoreSingletonLock, setIgnore] = useState(false);
  const [refusals, setRefusals] = useState<Refusals>({});
  const form = useRef<HTMLFormElement>(null);
  const [, go] = useLocation();
  const name = job.class_path;
  const state = useFormState(name, values, variables.length > 0);
  const fields = mergedFields(variables, state.data, values);
  const options = { queue, ignoreSingletonLock };

  const run = useMutation({
    mutationFn: () => askRun(name, bodyOf(values, options)),
    onSuccess: (answer) => go(resultPath(answer.job_result.id)),
    onError: (error) => {
      const { fields: messages } = asProblem(error);
      setRefusals(messages);
      setTouched(new Set(variables.map((one) => one.name)));
      requestAnimationFrame(() => focusFirst(form.current, fields, messages));
    },
  });

  function change(field: string, value: Value) {
    setValues((old) => ({ ...old, [field]: value }));
    setRefusals((old) => ({ ...old, [field]: [] }));
    if (run.isError) run.reset();
  }

  const general = run.isError ? generalMessages(asProblem(run.error), fields) : [];
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!run.isPending) run.mutate();
      }}
    >
      <Stack gap={6}>
        {fields.length === 0 && (
          <Text size="sm" c="dimmed">
            This job asks for nothing.
          </Text>
        )}
        {fields
          .filter((field) => field.visible)
          .map((field) => (
            <Field
              key={field.name}
              field={field}
              value={values[field.name] ?? emptyValue(field)}
              values={values}
              errors={shownErrors(field, touched.has(field.name), refusals[field.name])}
              onChange={(value) => change(field.name, value)}
              onBlur={() => setTouched((old) => new Set(old).add(field.name))}
            />
          ))}
        <RunOptionFields
          job={job}
          queue={queue}
          onQueue={setQueue}
          ignore={ignoreSingletonLock}
          onIgnore={setIgnore}
        />
        {state.isError && (
          <Alert color="orange" title="The inputs could not be checked">
            {asProblem(state.error).detail} They are checked when the job is run.
          </Alert>
        )}
        {general.length > 0 && (
          <Alert
            color="red"
            role="alert"
            title="The job was not run"
            icon={<IconAlertTriangle aria-hidden />}
          >
            {general.map((message) => (
              <p key={message} style={{ margin: 0 }}>
                {message}
              </p>
            ))}
          </Alert>
        )}
        <Group>
          <Button
            type="submit"
            size="sm"
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            loading={run.isPending}
            disabled={!job.enabled || !job.installed}
          >
            Run job
          </Button>
          <CopyAs job={name} variables={variables} values={values} options={options} />
        </Group>
        {!job.enabled && (
          <Text size="sm" c="dimmed">
            Enable the job above to run it.
          </Text>
        )}
      </Stack>
    </form>
  );
}

/** What a refusal says that stands beside no field that is shown. */
function generalMessages(
  problem: ReturnType<typeof asProblem>,
  fields: { name: string; visible: boolean }[],
): string[] {
  const shown = new Set(fields.filter((one) => one.visible).map((one) => one.name));
  const names = Object.keys(problem.fields);
  const others = names.filter((one) => !shown.has(one));
  if (names.length === 0) return [problem.detail];
  const messages = others.map((one) => `${one}: ${problem.fields[one]!.join(' ')}`);
  const count = names.length - others.length;
  if (count > 0) {
    messages.push(count === 1 ? 'One field needs a change.' : `${count} fields need a change.`);
  }
  return messages;
}

function focusFirst(form: HTMLFormElement | null, fields: { name: string }[], refused: Refusals) {
  const first = fields.find((one) => refused[one.name]);
  if (form === null || first === undefined) return;
  const field = form.querySelector(`[data-field="${CSS.escape(first.name)}"]`);
  field?.querySelector<HTMLElement>('input:not([type=hidden]), textarea, button')?.focus();
  field?.scrollIntoView({ block: 'center' });
}

interface RunOptionFieldsProps {
  job: Job;
  queue: string;
  onQueue: (queue: string) => void;
  ignore: boolean;
  onIgnore: (ignore: boolean) => void;
}

function RunOptionFields({ job, queue, onQueue, ignore, onIgnore }: RunOptionFieldsProps) {
  const queues = useQuery({
    ...queuesOfJobQuery(job.class_path),
    enabled: job.job_queues.length > 1,
  }).data;
  return (
    <>
      {job.job_queues.length > 1 && (
        <Select
          label="Queue"
          description="Which workers run it"
          data={queues?.names ?? []}
          value={queue || queues?.first || null}
          onChange={(name) => onQueue(name ?? '')}
          allowDeselect={false}
          w={{ base: '100%', xs: 280 }}
        />
      )}
      {job.is_singleton && (
        <Checkbox
          label="Ignore singleton lock"
          description="Run it even if another run of this job is under way"
          checked={ignore}
          onChange={(event) => onIgnore(event.currentTarget.checked)}
        />
      )}
    </>
  );
}
