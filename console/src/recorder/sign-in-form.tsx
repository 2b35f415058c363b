import { TokenForm, type TokenFormProps } from '../shared/token-form.tsx';
import { useWords } from './i18n.ts';

/** The recorder works without it, and says so. */
export function SignInForm(props: Pick<TokenFormProps, 'rejected' | 'onToken'>) {
  const { words } = useWords();
  const texts = {
    title: words('signIn.title'),
    text: words('signIn.text'),
    rejected: words('signIn.rejected'),
    label: words('signIn.label'),
    required: words('signIn.required'),
    button: words('signIn.button'),
    note: words('signIn.keeps'),
  };
  return <TokenForm texts={texts} {...props} />;
}
