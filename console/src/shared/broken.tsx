import { Component, type ReactNode } from 'react';

type Props = { readonly children: ReactNode; readonly instead: ReactNode };

/** A mistake of ours in drawing the page: `instead` says what that means, and how to go on. */
export class BrokenPage extends Component<Props, { readonly isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render(): ReactNode {
    return this.state.isBroken ? this.props.instead : this.props.children;
  }
}

type BrokenProps = { readonly title: string; readonly text: string; readonly reload: string };

export function Broken({ title, text, reload }: BrokenProps) {
  return (
    <main className="page broken" role="alert">
      <h1>{title}</h1>
      <p>{text}</p>
      <button type="button" onClick={() => location.reload()}>
        {reload}
      </button>
    </main>
  );
}
