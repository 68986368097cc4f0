import { Group, Progress, Tabs, Text, Title } from '@mantine/core';
import { useSearchParams } from 'wouter';
import { countText } from '~/components/counts';
import { JobName } from '~/components/JobName';
import { StatusBadge } from '~/components/StatusBadge';
import { isFinal } from '~/live/events';
import { Cancel } from './Cancel';
import { ConsoleTab } from './console/ConsoleTab';
import { Attempts } from './details/Attempts';
import { Files } from './details/Files';
import { Inputs } from './details/Inputs';
import { ReturnValue } from './details/ReturnValue';
import { Traceback } from './details/Traceback';
import { LogTab } from './log/LogTab';
import { totalOf } from './log/levels';
import { Outcome } from './Outcome';
import { RunAgain } from './RunAgain';
import { RunFacts } from './RunFacts';
import type { FeedState, RunFeed } from './runFeed';
import classes from './RunPage.module.css';
import { tabTitle } from './tabMark';
import type { Run } from './useRun';
import { useTabMark } from './useTabMark';

interface RunPageProps {
  run: Run;
  feed: RunFeed;
  state: FeedState;
}

export function RunPage({ run, feed, state }: RunPageProps) {
  const status = run.status.value;
  const ended = isFinal(status);
  useTabMark(tabTitle(run.name, status, state.progress), status);
  return (
    <>
      <Group justify="space-between" align="flex-start" gap="sm" mb="sm">
        <Group gap="sm" style={{ minWidth: 0 }}>
          <Title order={1}>
            <JobName name={run.name} classPath={run.job_model?.class_path ?? null} />
          </Title>
          <StatusBadge status={status} />
        </Group>
        <Group gap="xs">
          {!ended && <Cancel run={run} />}
          <RunAgain run={run} />
        </Group>
      </Group>
      <RunFacts run={run} />
      {!ended && state.progress !== null && <RunProgress {...state.progress} />}
      <Outcome run={run} />
      <RunTabs run={run} feed={feed} state={state} ended={ended} />
      <p className={classes.spoken} role="status">
        {ended ? `${run.name} has ended: ${run.status.label}` : ''}
      </p>
    </>
  );
}

function RunProgress({ done, total, message }: NonNullable<FeedState['progress']>) {
  const percent = done !== null && total ? Math.min(100, (done / total) * 100) : null;
  return (
    <div className={classes.progress}>
      <Group justify="space-between" wrap="nowrap" mb={4}>
        <Text size="sm" truncate>
          {message || 'Running'}
        </Text>
        <Text size="sm" c="dimmed" className="numbers" style={{ whiteSpace: 'nowrap' }}>
          {done !== null && countText(done)}
          {total ? ` of ${countText(total)} · ${Math.floor(percent ?? 0)}%` : ''}
        </Text>
      </Group>
      <Progress
        value={percent ?? 100}
        animated={percent === null}
        size="sm"
        aria-label="Progress of the run"
      />
    </div>
  );
}

const tabNames = ['log', 'console', 'result', 'traceback', 'inputs', 'files', 'attempts'] as const;
type TabName = (typeof tabNames)[number];

function RunTabs({ run, feed, state, ended }: RunPageProps & { ended: boolean }) {
  const [query, setQuery] = useSearchParams();
  const asked = tabNames.find((name) => name === query.get('tab')) ?? 'log';
  const counts: Record<TabName, number | null> = {
    log: totalOf(state.counts),
    console: state.consoleCount,
    result: null,
    traceback: null,
    inputs: null,
    files: run.files.length,
    attempts: run.attempt > 1 ? run.attempt : null,
  };
  const shown = tabNames.filter(
    (name) =>
      name === asked ||
      ((name !== 'traceback' || Boolean(run.traceback)) &&
        (name !== 'result' || (run.result !== null && !run.traceback))),
  );

  function open(name: string | null) {
    const tab = (name ?? 'log') as TabName;
    setQuery(tab === 'log' ? {} : { tab }, { replace: true });
  }

  return (
    <Tabs value={asked} onChange={open} keepMounted={false}>
      <Tabs.List mb="sm" className={classes.tabs}>
        {shown.map((name) => (
          <Tabs.Tab key={name} value={name}>
            {words[name]}
            {counts[name] !== null && (
              <span className={classes.count}>{countText(counts[name])}</span>
            )}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="log" keepMounted>
        <LogTab id={run.id} feed={feed} state={state} attempts={run.attempt} ended={ended} />
      </Tabs.Panel>
      <Tabs.Panel value="console">
        <ConsoleTab id={run.id} feed={feed} state={state} ended={ended} />
      </Tabs.Panel>
      <Tabs.Panel value="result">
        <ReturnValue value={run.result} ended={ended} />
      </Tabs.Panel>
      <Tabs.Panel value="traceback">
        <Traceback id={run.id} text={run.traceback ?? ''} />
      </Tabs.Panel>
      <Tabs.Panel value="inputs">
        <Inputs run={run} />
      </Tabs.Panel>
      <Tabs.Panel value="files">
        <Files files={run.files} ended={ended} />
      </Tabs.Panel>
      <Tabs.Panel value="attempts">
        <Attempts run={run} />
      </Tabs.Panel>
    </Tabs>
  );
}

const words: Record<TabName, string> = {
  log: 'Log',
  console: 'Console',
  result: 'Result',
  traceback: 'Traceback',
  inputs: 'Inputs',
  files: 'Files',
  attempts: 'Attempts',
};
