import '@mantine/spotlight/styles.layer.css';
import { createSpotlight, Spotlight } from '@mantine/spotlight';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { IconPlayerPlay, IconSearch, type Icon } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { api, orThrow } from '~/api/client';
import { jobsQuery, keys } from '~/api/queries';
import { jobPath, resultPath } from '~/components/JobName';
import { lookOf } from '~/components/status';
import { shortTime } from '~/time/format';
import { navigation } from './pages';
import classes from './Palette.module.css';
import { rank, type Findable } from './search';

interface Entry extends Findable {
  path: string;
  description?: string;
  icon: Icon;
}

function useResultEntries(query: string): Entry[] {
  const [text] = useDebouncedValue(query.trim(), 200);
  const found = useQuery({
    queryKey: [...keys.results, 'palette', text],
    queryFn: ({ signal }) =>
      orThrow(
        api.GET('/api/extras/job-results/', { params: { query: { q: text, limit: 6 } }, signal }),
      ),
    enabled: text.length >= 2,
  });
  return (found.data?.results ?? []).map((result) => ({
    id: `result ${result.id}`,
    label: result.name,
    path: resultPath(result.id),
    description: `${lookOf(result.status.value).word} · ${shortTime(new Date(result.date_created), new Date())}`,
    icon: lookOf(result.status.value).icon,
  }));
}

function useJobEntries(): Entry[] {
  const jobs = useQuery(jobsQuery).data;
  return useMemo(
    () =>
      (jobs ?? [])
        .filter((job) => job.installed && !job.hidden)
        .map((job) => ({
          id: `job ${job.class_path}`,
          label: job.name,
          more: `${job.class_path} ${job.grouping} ${job.description}`,
          path: jobPath(job.class_path),
          description: job.class_path,
          icon: IconPlayerPlay,
        })),
    [jobs],
  );
}

const pageEntries: Entry[] = navigation.map((page) => ({
  id: `page ${page.path}`,
  label: page.title,
  path: page.path,
  icon: page.icon ?? IconSearch,
}));

const [paletteStore, palette] = createSpotlight();

/** Search over jobs, results and pages; opens when `wanted` grows. */
export default function Palette({ wanted }: { wanted: number }) {
  useEffect(() => {
    if (wanted > 0) palette.open();
  }, [wanted]);
  const [query, setQuery] = useState('');
  const [, go] = useLocation();
  const groups = [
    { label: 'Pages', entries: rank(pageEntries, query, 5) },
    { label: 'Jobs', entries: rank(useJobEntries(), query, 8) },
    { label: 'Results', entries: useResultEntries(query) },
  ].filter(({ entries }) => entries.length > 0);
  return (
    <Spotlight.Root
      store={paletteStore}
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      scrollable
      maxHeight={460}
      styles={{
        content: { background: 'var(--surface)', border: '1px solid var(--line)' },
        search: { background: 'transparent' },
      }}
    >
      <Spotlight.Search
        placeholder="Search jobs, results and pages"
        aria-label="Search jobs, results and pages"
        leftSection={<IconSearch size={18} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {groups.map(({ label, entries }) => (
          <Spotlight.ActionsGroup label={label} key={label}>
            {entries.map((entry) => (
              <Spotlight.Action
                key={entry.id}
                classNames={{
                  action: classes.action ?? '',
                  actionDescription: classes.description ?? '',
                }}
                label={entry.label}
                {...(entry.description === undefined ? {} : { description: entry.description })}
                leftSection={<entry.icon size={18} stroke={1.7} aria-hidden />}
                onClick={() => go(entry.path)}
              />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {groups.length === 0 && (
          <Spotlight.Empty>Nothing has this in its name. Try fewer letters.</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
