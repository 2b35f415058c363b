import { Component, type ReactNode } from 'react';
import { useWords } from './i18n.ts';

type Props = { readonly children: ReactNode };

/** A mistake of ours in drawing the page: says that nothing was lost, and how to go on. */
export class BrokenPage extends Component<Props, { readonly isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render(): ReactNode {
    return this.state.isBroken ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const { words } = useWords();
  return (
    <main className="page broken" role="alert">
      <h1>{words('broken.title')}</h1>
      <p>{words('broken.text')}</p>
      <button type="button" onClick={() => location.reload()}>
        {words('broken.reload')}
      </button>
    </main>
  );
}
