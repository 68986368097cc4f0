import { PageHeader } from '~/components/PageHeader';

export default function Results() {
  return <PageHeader title="Results" />;
}
