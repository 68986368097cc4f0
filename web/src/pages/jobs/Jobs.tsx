import { PageHeader } from '~/components/PageHeader';

export default function Jobs() {
  return <PageHeader title="Jobs" />;
}
