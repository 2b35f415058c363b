/** The nodes that run, and the settings in which they differ: by name, never by value. */
import { agoText } from '../console/figures.ts';
import { CheckIcon, WarningIcon } from '../console/icons.tsx';
import { useNow } from '../console/use-now.ts';
import type { NodesAnswer } from './admin-types.ts';
import { words } from './words.ts';

const texts = words.nodes;

export function NodesTable({ nodes, areAll, differences }: Omit<NodesAnswer, 'node'>) {
  const now = useNow();
  const { columns } = texts;
  if (nodes.length === 0) return null;
  return (
    <section className="card list" aria-labelledby="nodes">
      <h2 id="nodes">{texts.title}</h2>
      <p className="small quiet">{texts.explained}</p>
      <table className="rows">
        <caption className="hidden">{texts.title}</caption>
        <thead>
          <tr>
            <th scope="col">{columns.name}</th>
            <th scope="col">{columns.role}</th>
            <th scope="col">{columns.version}</th>
            <th scope="col">{columns.since}</th>
          </tr>
        </thead>
        <tbody>
          {nodes.map(({ name, role, version, startedAt, changing }) => (
            <tr key={`${name} ${startedAt}`}>
              <th scope="row">
                <code>{name}</code>
                {changing.length > 0 && (
                  <span className="line small quiet">{texts.changing(changing.join(', '))}</span>
                )}
              </th>
              <td>{role}</td>
              <td>{version}</td>
              <td>{agoText(startedAt, now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {!areAll && <p className="small quiet">{texts.more}</p>}
      {differences.length === 0 ? (
        <p>
          <CheckIcon size={14} /> {texts.agree}
        </p>
      ) : (
        <>
          <p>
            <WarningIcon size={14} /> {texts.differ}
          </p>
          <ul>
            {differences.map(({ setting, change, groups }) => (
              <li key={setting}>
                <code>{setting}</code>: {groups.map((group) => group.join(', ')).join(texts.against)}.{' '}
                <span className="quiet">{texts.changes[change]}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
