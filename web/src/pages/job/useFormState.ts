import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { keys } from '~/api/queries';
import { askForm } from './jobQueries';
import {
  sameValue,
  type FormState,
  type RunOptions,
  type Values,
  type Variable,
  type VariableState,
} from './variables';

/** What the server said, and of which values. */
export interface Answered {
  state: FormState;
  values: Values;
}

const pauseWhileTyping = 250;
const noOptions: RunOptions = { queue: '', ignoreSingletonLock: false };

/** What the server says of these values; of the last ones it was asked about while one types. */
export function useFormState(job: string, values: Values, enabled: boolean) {
  const [asked] = useDebouncedValue(values, pauseWhileTyping);
  return useQuery({
    queryKey: [...keys.jobs, job, 'form', keyOf(asked)],
    queryFn: async ({ signal }): Promise<Answered> => ({
      state: await askForm(job, asked, noOptions, signal),
      values: asked,
    }),
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
 * that depend on others are hidden, so that none shows up to vanish. What it said of a value that
 * has changed since is not told.
 */
export function mergedFields(
  variables: Variable[],
  answered: Answered | undefined,
  values: Values,
): VariableState[] {
  return variables.map((declared) => {
    const { name } = declared;
    const told = answered?.state.variables.find((one) => one.name === name);
    if (answered === undefined || told === undefined) {
      return { ...declared, visible: declared.visible_if === undefined, errors: [] };
    }
    const current = sameValue(answered.values[name], values[name]);
    return { ...declared, ...told, errors: current ? told.errors : [] };
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
