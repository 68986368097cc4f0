import type { Summary } from '~/api/queries';
import { Panel } from '~/components/Panel';
import { Timestamp } from '~/components/Timestamp';
import classes from './Home.module.css';
import { AndMore, RunLine } from './RunLine';

/** What waits, and for what. */
export function WaitingPanel({ summary }: { summary: Summary }) {
  return (
    <Panel title="Waiting" flush>
      <ul className={classes.list}>
        {summary.waiting.map((run) => (
          <RunLine key={run.id} run={run} end={<Timestamp value={run.date_created} />}>
            <div className={classes.reason}>{run.waiting_reason}</div>
          </RunLine>
        ))}
        <AndMore
          shown={summary.waiting.length}
          count={summary.waiting_count}
          path="/results?status=PENDING&status=RETRY"
        />
      </ul>
    </Panel>
  );
}
