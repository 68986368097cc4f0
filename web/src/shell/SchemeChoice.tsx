import { useMantineColorScheme } from '@mantine/core';
import { Segments } from '~/components/Segments';

/** Light, dark, or as the system says; remembered by the browser. */
export function SchemeChoice({ fullWidth = false }: { fullWidth?: boolean }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Segments
      fullWidth={fullWidth}
      label="Colours"
      value={colorScheme}
      onChange={setColorScheme}
      choices={[
        { value: 'auto', label: 'Auto' },
        { value: 'light', label: 'Light' },
        { value: 'dark', label: 'Dark' },
      ]}
    />
  );
}
