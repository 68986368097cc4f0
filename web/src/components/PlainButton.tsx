import type { Icon } from '@tabler/icons-react';
import type { AnchorHTMLAttributes, ButtonHTMLAttributes } from 'react';
import classes from './PlainButton.module.css';

interface Look {
  /** "light" says that something is chosen behind it; "quiet" has no ground. */
  look?: 'default' | 'light' | 'quiet';
  /** As high as an input, beside which it stands. */
  tall?: boolean;
  icon?: Icon;
}

/** What a button of this look has as classes. */
export function buttonClass({ look = 'default', tall = false }: Look, more = ''): string {
  return [classes.button, classes[look], tall ? classes.tall : '', more].filter(Boolean).join(' ');
}

/** A button of plain elements, as Mantine's looks: for what the first picture has. */
export function PlainButton({
  look,
  tall,
  icon: IconOf,
  className,
  children,
  ...rest
}: Look & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button type="button" {...rest} className={buttonClass({ look, tall }, className)}>
      {IconOf !== undefined && <IconOf size={16} aria-hidden />}
      {children}
    </button>
  );
}

/** The same as a link, to something that is not a page of ours. */
export function PlainButtonLink({
  look,
  tall,
  icon: IconOf,
  className,
  children,
  ...rest
}: Look & AnchorHTMLAttributes<HTMLAnchorElement>) {
  return (
    <a {...rest} className={buttonClass({ look, tall }, className)}>
      {IconOf !== undefined && <IconOf size={16} aria-hidden />}
      {children}
    </a>
  );
}
