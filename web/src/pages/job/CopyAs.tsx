import { ActionIcon, Button, CopyButton, Group, Menu, Modal, SegmentedControl, Text } from '@mantine/core';
import { IconBrandPython, IconCheck, IconCopy, IconLink, IconTerminal } from '@tabler/icons-react';
import { useState } from 'react';
import { jobPath } from '~/components/JobName';
import { tellDone, tellFailed } from '~/components/notices';
import { copyAs, leftOut, type CopyKind } from './copyAs';
import classes from './Job.module.css';
import { addressOf, type RunOptions, type Values, type Variable } from './variables';

interface CopyAsProps {
  job: string;
  variables: Variable[];
  values: Values;
  options: RunOptions;
}

const kinds = [
  { value: 'curl', label: 'curl' },
  { value: 'runjob', label: 'runjob' },
  { value: 'python', label: 'Python' },
];

/** The filled form to take away: as a link, or as a command. */
export function CopyAs({ job, variables, values, options }: CopyAsProps) {
  const [kind, setKind] = useState<CopyKind | null>(null);
  const request = { origin: location.origin, classPath: job, variables, values, options };
  const without = leftOut(request);
  const text = kind === null ? '' : copyAs(kind, request);

  async function copyLink() {
    try {
      await navigator.clipboard.writeText(location.origin + addressOf(jobPath(job), variables, values));
      tellDone('The link that opens this form filled in was copied. Secrets and files are left out.');
    } catch (error) {
      tellFailed('The link was not copied', error);
    }
  }

  return (
    <>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button variant="default" size="sm" leftSection={<IconCopy size={15} aria-hidden />}>
            Copy as…
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconLink size={16} />} onClick={() => void copyLink()}>
            Link to this filled form
          </Menu.Item>
          <Menu.Item leftSection={<IconTerminal size={16} />} onClick={() => setKind('curl')}>
            curl
          </Menu.Item>
          <Menu.Item leftSection={<IconTerminal size={16} />} onClick={() => setKind('runjob')}>
            windlass runjob
          </Menu.Item>
          <Menu.Item leftSection={<IconBrandPython size={16} />} onClick={() => setKind('python')}>
            Python
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={kind !== null}
        onClose={() => setKind(null)}
        title="The same run from elsewhere"
        size="xl"
      >
        <Group justify="space-between" mb="sm">
          <SegmentedControl
            size="xs"
            aria-label="Form of the command"
            data={kinds}
            value={kind ?? 'curl'}
            onChange={(chosen) => setKind(chosen as CopyKind)}
          />
          <CopyButton value={text}>
            {({ copied, copy }) => (
              <ActionIcon onClick={copy} aria-label={copied ? 'Copied' : 'Copy'} variant="default" size={30}>
                {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
              </ActionIcon>
            )}
          </CopyButton>
        </Group>
        <pre className={classes.code} tabIndex={0} aria-label="Command">
          {text}
        </pre>
        <Text size="sm" c="dimmed" mt="xs">
          {kind === 'runjob'
            ? 'For a machine that has the server’s home.'
            : 'WINDLASS_TOKEN is a token of yours: make one in the settings.'}
          {without.length > 0 && ` Secrets are left out: add ${without.join(', ')}.`}
        </Text>
      </Modal>
    </>
  );
}
