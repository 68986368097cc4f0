import { Link } from 'wouter';

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
      <img src="/icon.svg" alt="" width={24} height={24} />
      Windlass
    </Link>
  );
}
