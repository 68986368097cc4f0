import { PageHeader } from '~/components/PageHeader';

export default function Job() {
  return <PageHeader title="Job" />;
}
