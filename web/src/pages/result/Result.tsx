import { PageHeader } from '~/components/PageHeader';

export default function Result() {
  return <PageHeader title="Result" />;
}
