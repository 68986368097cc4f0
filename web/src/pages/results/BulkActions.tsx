import { IconPlayerStop, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { api, orThrow } from '~/api/client';
import { keys, type JobResult } from '~/api/queries';
import { countText } from '~/components/counts';
import { tellDone, tellFailed } from '~/components/notices';
import { PlainButton } from '~/components/PlainButton';
import { isFinal } from '~/live/events';
import classes from './ResultTable.module.css';

const ConfirmDialog = lazy(() => import('~/parts/ConfirmDialog'));

interface BulkActionsProps {
  count: number;
  selected: readonly JobResult[];
  onDone: () => void;
}

const runs = (count: number) => (count === 1 ? '1 run' : `${count} runs`);
const results = (count: number) => (count === 1 ? '1 result' : `${count} results`);

/** The line above the list: how many there are; with a selection, what can be done with it. */
export function BulkActions({ count, selected, onDone }: BulkActionsProps) {
  // undefined until something is asked for the first time: then the dialogs are loaded.
  const [asked, setAsked] = useState<'cancel' | 'delete' | null>();
  const client = useQueryClient();
  const open = selected.filter((result) => !isFinal(result.status.value));
  const done = (message: string) => {
    tellDone(message);
    setAsked(null);
    onDone();
    for (const queryKey of [keys.results, keys.summary, keys.recentResults]) {
      void client.invalidateQueries({ queryKey });
    }
  };
  const cancel = useMutation({
    mutationFn: (ids: string[]) =>
      orThrow(api.POST('/api/extras/job-results/cancel/', { body: { ids } })),
    onSuccess: ({ cancelled }) => done(`${runs(cancelled.length)} will stop.`),
    onError: (error) => tellFailed('The runs were not cancelled', error),
  });
  const remove = useMutation({
    mutationFn: (ids: string[]) =>
      orThrow(api.DELETE('/api/extras/job-results/', { body: ids.map((id) => ({ id })) })),
    onSuccess: (_nothing, ids) => done(`${results(ids.length)} deleted.`),
    onError: (error) => tellFailed('Nothing was deleted', error),
  });
  return (
    <div className={classes.bar}>
      <span className={`${classes.count} numbers`} role="status">
        {selected.length > 0
          ? `${selected.length} selected`
          : results(count).replace(String(count), countText(count))}
      </span>
      {selected.length > 0 && (
        <div className={classes.bulk}>
          {open.length > 0 && (
            <PlainButton icon={IconPlayerStop} onClick={() => setAsked('cancel')}>
              Cancel {runs(open.length)}
            </PlainButton>
          )}
          <PlainButton icon={IconTrash} onClick={() => setAsked('delete')}>
            Delete
          </PlainButton>
          <PlainButton look="quiet" onClick={onDone}>
            Clear
          </PlainButton>
        </div>
      )}
      {asked !== undefined && (
        <Suspense>
          <ConfirmDialog
            opened={asked === 'cancel'}
            title={`Cancel ${runs(open.length)}?`}
            action={`Cancel ${runs(open.length)}`}
            busy={cancel.isPending}
            onConfirm={() => cancel.mutate(open.map(({ id }) => id))}
            onClose={() => setAsked(null)}
          >
            What waits never starts. What runs is asked to stop, then stopped. Nothing that it did
            already is undone.
          </ConfirmDialog>
          <ConfirmDialog
            opened={asked === 'delete'}
            title={`Delete ${results(selected.length)}?`}
            action={`Delete ${results(selected.length)}`}
            busy={remove.isPending}
            onConfirm={() => remove.mutate(selected.map(({ id }) => id))}
            onClose={() => setAsked(null)}
          >
            Their logs and files are deleted with them; runs among them are stopped first. This
            cannot be undone.
          </ConfirmDialog>
        </Suspense>
      )}
    </div>
  );
}
