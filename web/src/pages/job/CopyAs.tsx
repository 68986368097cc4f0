import { Button, Group, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconShare2 } from '@tabler/icons-react';
import { useState } from 'react';
import { jobPath } from '~/components/JobName';
import { Segments } from '~/components/Segments';
import { Copy } from '../result/details/Copy';
import { copyAs, leftOut, type CopyKind } from './copyAs';
import classes from './Job.module.css';
import { addressOf, type RunOptions, type Values, type Variable } from './variables';

interface CopyAsProps {
  job: string;
  variables: Variable[];
  values: Values;
  options: RunOptions;
}

type Kind = CopyKind | 'link';

const kinds: { value: Kind; label: string }[] = [
  { value: 'link', label: 'Link' },
  { value: 'curl', label: 'curl' },
  { value: 'runjob', label: 'runjob' },
  { value: 'python', label: 'Python' },
];

const about: Record<Kind, string> = {
  link: 'Opens this form filled in as it is now. Secrets and files are left out.',
  curl: 'WINDLASS_TOKEN is a token of yours: make one in the settings.',
  runjob: 'For a machine that has the server’s home.',
  python: 'WINDLASS_TOKEN is a token of yours: make one in the settings.',
};

/** The filled form to take away: as a link, or as a command. */
export function CopyAs({ job, variables, values, options }: CopyAsProps) {
  const [opened, { open, close }] = useDisclosure(false);
  const [kind, setKind] = useState<Kind>('link');
  const request = { origin: location.origin, classPath: job, variables, values, options };
  const without = leftOut(request);
  const text = !opened
    ? ''
    : kind === 'link'
      ? location.origin + addressOf(jobPath(job), variables, values)
      : copyAs(kind, request);
  return (
    <>
      <Button
        variant="default"
        size="sm"
        leftSection={<IconShare2 size={15} aria-hidden />}
        onClick={open}
      >
        Copy as…
      </Button>
      <Modal opened={opened} onClose={close} title="The same run from elsewhere" size="xl">
        <Group justify="space-between" mb="sm">
          <Segments label="Form of the copy" choices={kinds} value={kind} onChange={setKind} />
          <Copy value={text} />
        </Group>
        <pre className={classes.code} tabIndex={0} aria-label="What to copy">
          {text}
        </pre>
        <Text size="sm" c="dimmed" mt="xs">
          {about[kind]}
          {kind !== 'link' &&
            without.length > 0 &&
            ` Secrets are left out: add ${without.join(', ')}.`}
        </Text>
      </Modal>
    </>
  );
}
