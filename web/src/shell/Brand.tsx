import { Link } from 'wouter';
import mark from './mark.svg?raw';
import classes from './Shell.module.css';

/** The product's name, which leads home. */
export function Brand() {
  return (
    <Link
      href="/"
      style={{
        display: 'flex',
        alignItems: 'center',
        gap: 10,
        color: '#fff',
        textDecoration: 'none',
        fontWeight: 660,
        fontSize: '1rem',
        letterSpacing: '-0.01em',
      }}
    >
      {/* In the page itself: one file less before the first picture. */}
      <span className={classes.mark} aria-hidden dangerouslySetInnerHTML={{ __html: mark }} />
      Windlass
    </Link>
  );
}
