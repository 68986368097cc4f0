import '@mantine/notifications/styles.layer.css';
import { Notifications } from '@mantine/notifications';
import { startTransition, useEffect, useState } from 'react';

/** The corner for notices: made after the page, which has none when it opens. */
export function NoticesSoon() {
  const [isThere, setThere] = useState(false);
  useEffect(() => startTransition(() => setThere(true)), []);
  return isThere ? <Notifications position="bottom-right" limit={4} /> : null;
}
