import '@mantine/notifications/styles.layer.css';
import { Notifications } from '@mantine/notifications';

/** The corner for notices. */
export default function Notices() {
  return <Notifications position="bottom-right" limit={4} />;
}
