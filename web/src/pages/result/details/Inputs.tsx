import { IconForms, IconLock } from '@tabler/icons-react';
import { EmptyState } from '~/components/EmptyState';
import { Panel } from '~/components/Panel';
import type { Run } from '../useRun';
import { Copy } from './Copy';
import { Tree } from './Tree';

/** What the run was asked with, as far as that is kept. */
export function Inputs({ run }: { run: Run }) {
  const inputs = (run.task_kwargs ?? {}) as Record<string, unknown>;
  if (Object.keys(inputs).length > 0) {
    return (
      <Panel title="Inputs" aside={<Copy value={JSON.stringify(inputs, null, 2)} />} flush>
        <Tree value={inputs} label="Inputs" />
      </Panel>
    );
  }
  return run.job_model?.has_sensitive_variables ? (
    <EmptyState icon={IconLock} title="Inputs are not shown">
      This job declares its inputs secret (has_sensitive_variables, which is so unless its Meta says
      otherwise). They are sealed while the run needs them and wiped after its last attempt.
    </EmptyState>
  ) : (
    <EmptyState icon={IconForms} title="No inputs">
      The job was run without any.
    </EmptyState>
  );
}
