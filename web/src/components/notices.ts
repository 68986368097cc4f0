/** Short notices in the corner: what was done, or why it was not. Their code comes after the page, or with the first of them. */
import type { NotificationData } from '@mantine/notifications';
import { asProblem } from '~/api/problem';

async function show(notice: NotificationData): Promise<void> {
  const { notifications } = await import('@mantine/notifications');
  notifications.show(notice);
}

export function tellDone(message: string): void {
  void show({ message, color: 'teal', autoClose: 4000 });
}

export function tellFailed(title: string, error: unknown): void {
  void show({ title, message: asProblem(error).detail, color: 'red', autoClose: 10_000 });
}
