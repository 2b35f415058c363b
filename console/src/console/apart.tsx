import type { ExperimentAnswer } from './api-types.ts';
import { words } from './words.ts';

/** Who and what is in no arm. */
export function Apart({ internal, excluded }: Pick<ExperimentAnswer, 'internal' | 'excluded'>) {
  const { title, internalText, internalHint, excludedText, excludedHint } = words.apart;
  return (
    <section className="card" aria-labelledby="apart">
      <h2 id="apart">{title}</h2>
      <dl className="apart">
        <div>
          <dt>{words.apart.internal}</dt>
          <dd>{internalText(internal.users, internal.sessions, internal.completed, internal.failed)}</dd>
          <dd className="small quiet">{internalHint}</dd>
        </div>
        <div>
          <dt>{words.apart.excluded}</dt>
          <dd>{excludedText(excluded)}</dd>
          <dd className="small quiet">{excludedHint}</dd>
        </div>
      </dl>
    </section>
  );
}
