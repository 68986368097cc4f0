import { Button, Table, Text } from '@mantine/core';
import { IconDownload, IconFile } from '@tabler/icons-react';
import type { Schemas } from '~/api/client';
import { EmptyState } from '~/components/EmptyState';
import { Panel } from '~/components/Panel';
import { Timestamp } from '~/components/Timestamp';
import { bytesText } from './bytes';
import classes from './Details.module.css';

/** What the job made with create_file. */
export function Files({ files, ended }: { files: Schemas['FileProxy'][]; ended: boolean }) {
  if (files.length === 0) {
    return (
      <EmptyState icon={IconFile} title={ended ? 'No files' : 'No files yet'}>
        A job keeps a file with <code>self.create_file(name, content)</code>; it is downloaded here.
      </EmptyState>
    );
  }
  return (
    <Panel flush>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>File</Table.Th>
            <Table.Th>Size</Table.Th>
            <Table.Th className={classes.made}>Made</Table.Th>
            <Table.Th aria-label="Download" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {files.map((file) => (
            <Table.Tr key={file.id}>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                <Text fw={560} size="sm">
                  {file.name}
                </Text>
              </Table.Td>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>{bytesText(file.size)}</Table.Td>
              <Table.Td className={classes.made}>
                <Timestamp value={file.uploaded_at} />
              </Table.Td>
              <Table.Td ta="right">
                <Button
                  component="a"
                  href={new URL(file.download_url).pathname}
                  download={file.name}
                  variant="default"
                  leftSection={<IconDownload size={15} aria-hidden />}
                >
                  Download
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}
