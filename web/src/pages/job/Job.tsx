import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'wouter';
import { jobQuery, type Job as JobRecord } from '~/api/queries';
import { ErrorState } from '~/components/ErrorState';
import { Skeleton } from '~/components/Skeleton';
import { Loaded } from '~/components/Loaded';
import { Panel } from '~/components/Panel';
import classes from './Job.module.css';
import { JobHead } from './JobHead';
import { JobNotes } from './JobNotes';
import { inputsQuery, variablesQuery } from './jobQueries';
import { JobSource } from './JobSource';
import { RecentRuns } from './RecentRuns';
import { RunForm } from './RunForm';
import { firstValues } from './variables';

/** A job's own page: what it is, how it went, and the form that runs it. */
export default function Job() {
  const { classPath = '' } = useParams();
  const query = useQuery(jobQuery(classPath));
  return (
    <Loaded query={query} failure="This job cannot be shown" skeleton={<Waiting />}>
      {(job) => <JobPage key={job.id} job={job} />}
    </Loaded>
  );
}

function JobPage({ job }: { job: JobRecord }) {
  return (
    <>
      <JobHead job={job} />
      <JobNotes job={job} />
      {job.description_html && (
        // Made by the server, which lets a safe subset of HTML through.
        <div className={classes.about} dangerouslySetInnerHTML={{ __html: job.description_html }} />
      )}
      <div className={classes.columns}>
        <Panel title="Inputs">
          <FormOfJob job={job} />
        </Panel>
        <div className={classes.side}>
          <RecentRuns job={job} />
          <JobSource job={job} />
        </div>
      </div>
    </>
  );
}

/** The form, once it is known what stands in it at first: the address says, or an earlier run. */
function FormOfJob({ job }: { job: JobRecord }) {
  const [query] = useState(() => new URLSearchParams(window.location.search));
  const from = query.get('_from');
  const variables = useQuery(variablesQuery(job.class_path));
  const earlier = useQuery(inputsQuery(from));
  if (from !== null && earlier.isError) {
    return (
      <ErrorState
        error={earlier.error}
        title="The inputs of the earlier run cannot be read"
        retry={() => void earlier.refetch()}
      />
    );
  }
  return (
    <Loaded
      query={variables}
      failure="The form cannot be shown"
      skeleton={<Skeleton height={180} />}
    >
      {(list) =>
        from !== null && earlier.data === undefined ? (
          <Skeleton height={180} />
        ) : (
          <RunForm
            job={job}
            variables={list}
            first={firstValues(list, query, earlier.data?.inputs)}
            firstQueue={query.get('_job_queue') ?? earlier.data?.queue ?? ''}
          />
        )
      }
    </Loaded>
  );
}

function Waiting() {
  return (
    <Stack gap="md">
      <Skeleton height={32} width={280} />
      <Skeleton height={20} width={420} />
      <div className={classes.columns}>
        <Skeleton height={260} />
        <Skeleton height={260} />
      </div>
    </Stack>
  );
}
