import { PageHeader } from '~/components/PageHeader';

export default function Workers() {
  return <PageHeader title="Workers" />;
}
