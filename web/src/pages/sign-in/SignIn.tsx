import { PageHeader } from '~/components/PageHeader';

export default function SignIn() {
  return <PageHeader title="Sign in" />;
}
