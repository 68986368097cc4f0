import { IconBraces } from '@tabler/icons-react';
import { EmptyState } from '~/components/EmptyState';
import { Panel } from '~/components/Panel';
import { Copy } from './Copy';
import classes from './Details.module.css';
import { Tree } from './Tree';

/** What run() returned. */
export function ReturnValue({ value, ended }: { value: unknown; ended: boolean }) {
  if (value === null || value === undefined) {
    return (
      <EmptyState icon={IconBraces} title={ended ? 'No result' : 'No result yet'}>
        What the job’s run() returns stands here.
      </EmptyState>
    );
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return (
    <Panel title="What the job returned" aside={<Copy value={text} />} flush>
      {typeof value === 'object' ? (
        <Tree value={value} label="What the job returned" />
      ) : (
        <pre className={classes.raw} tabIndex={0}>
          {text}
        </pre>
      )}
    </Panel>
  );
}
