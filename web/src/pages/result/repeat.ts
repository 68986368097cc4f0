/** Whether a run can be asked for again as it was. */
import type { JobResult } from '~/api/queries';
import type { Variable } from '../job/variables';

/** Why not, as a sentence: what was secret or a file is not kept. Null when it can. */
export function cannotRepeat(
  variables: Variable[],
  run: Pick<JobResult, 'task_kwargs'>,
): string | null {
  const inputs = (run.task_kwargs ?? {}) as Record<string, unknown>;
  if (variables.length > 0 && Object.keys(inputs).length === 0) {
    return 'The inputs of this job are secret and were not kept: enter them again.';
  }
  if (variables.some((one) => one.type === 'FileVar' && inputs[one.name] != null)) {
    return 'Uploaded files are not kept: choose them again.';
  }
  const secret = variables.find((one) => one.sensitive);
  return secret === undefined
    ? null
    : `“${secret.label || secret.name}” is secret and was not kept: enter it again.`;
}
