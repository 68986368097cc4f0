import { IconCompassOff } from '@tabler/icons-react';
import { Link } from 'wouter';
import { EmptyState } from '~/components/EmptyState';

export function NotFound() {
  return (
    <EmptyState icon={IconCompassOff} title="There is no such page">
      The address may be from an older version. <Link href="/">Go home</Link>, or press Ctrl K to
      search.
    </EmptyState>
  );
}
