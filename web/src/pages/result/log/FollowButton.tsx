import { Button } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import classes from './LogTab.module.css';

/** Takes the reader who has left it back to the end. */
export function FollowButton({ onFollow }: { onFollow: () => void }) {
  return (
    <Button
      className={classes.toEnd}
      leftSection={<IconArrowDown size={15} aria-hidden />}
      onClick={onFollow}
    >
      Follow
    </Button>
  );
}
