import { PageHeader } from '~/components/PageHeader';

export default function Home() {
  return <PageHeader title="Home" />;
}
