import { durationText, secondsBetween } from '~/time/format';
import { useNow } from '~/time/now';

/** How long it took, or takes so far. */
export function Duration({ started, done }: { started: string | null; done: string | null }) {
  const now = useNow();
  const seconds = secondsBetween(started, done, now);
  return (
    <span className="numbers" style={{ whiteSpace: 'nowrap' }}>
      {seconds === null ? '–' : durationText(done === null ? Math.floor(seconds) : seconds)}
    </span>
  );
}
