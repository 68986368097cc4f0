import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { keys } from '~/api/queries';
import { askForm } from './jobQueries';
import type { FormState, RunOptions, Values, Variable, VariableState } from './variables';

const pauseWhileTyping = 250;
const noOptions: RunOptions = { queue: '', ignoreSingletonLock: false };

/** What the server says of these values; of the last ones it was asked about while one types. */
export function useFormState(job: string, values: Values, enabled: boolean) {
  const [asked] = useDebouncedValue(values, pauseWhileTyping);
  return useQuery({
    queryKey: [...keys.jobs, job, 'form', keyOf(asked)],
    queryFn: ({ signal }) => askForm(job, asked, noOptions, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    gcTime: 60_000,
    enabled,
  });
}

/** Values as a key: a file by its name, since of its content nothing is asked. */
function keyOf(values: Values): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      value instanceof File ? { file: value.name } : value,
    ]),
  );
}

/**
 * The fields to show: the declarations, with what the server said last. Before it has answered all
 * that depend on others are hidden, so that none shows up to vanish.
 */
export function mergedFields(variables: Variable[], state: FormState | undefined): VariableState[] {
  return variables.map((declared) => {
    const told = state?.variables.find((one) => one.name === declared.name);
    if (told) return { ...declared, ...told };
    return { ...declared, visible: declared.visible_if === undefined, errors: [] };
  });
}

/** Messages for a field: the server's word on a submit, else the live ones once it was touched. */
export function shownErrors(
  field: VariableState,
  touched: boolean,
  refused: readonly string[] | undefined,
): readonly string[] {
  if (refused !== undefined && refused.length > 0) return refused;
  return touched ? field.errors : [];
}
