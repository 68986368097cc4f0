/** Short notices in the corner: what was done, or why it was not. */
import { notifications } from '@mantine/notifications';
import { asProblem } from '~/api/problem';

export function tellDone(message: string): void {
  notifications.show({ message, color: 'teal', autoClose: 4000 });
}

export function tellFailed(title: string, error: unknown): void {
  notifications.show({ title, message: asProblem(error).detail, color: 'red', autoClose: 10_000 });
}
