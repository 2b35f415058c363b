/** Which operations of /openapi.json were called, and with which answers: told from the requests that were made. */

/** `paths` of an OpenAPI document, as far as it is needed. */
export type ApiPaths = Readonly<
  Record<string, Readonly<Record<string, { readonly responses?: Readonly<Record<string, unknown>> }>>>
>;

export type Seen = { readonly method: string; readonly path: string; readonly status: number };

export class Traffic {
  readonly #seen = new Map<string, Seen>();

  /** @param path with or without a query */
  note(method: string, path: string, status: number): void {
    const [withoutQuery = path] = path.split('?');
    const seen = { method: method.toUpperCase(), path: withoutQuery, status };
    this.#seen.set(`${seen.method} ${seen.path} ${status}`, seen);
  }

  seen(): readonly Seen[] {
    return [...this.#seen.values()];
  }
}

export type Coverage = {
  /** Such as `GET /flags`, in the document's order. */
  readonly called: readonly string[];
  readonly notCalled: readonly string[];
  /** `GET /flags: 418`: answers that the document does not name. */
  readonly unnamed: readonly string[];
};

/** Requests held against the document that the deployment serves. */
export function coverageOf(paths: ApiPaths, seen: readonly Seen[]): Coverage {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses = {} }]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      pattern: patternOf(path),
      literal: path.split('/').filter((part) => !part.startsWith('{')).length,
      responses,
    })),
  );
  const called = new Set<string>();
  const unnamed = new Set<string>();
  for (const { method, path, status } of seen) {
    const [operation] = operations
      .filter((each) => each.method === method && each.pattern.test(path))
      .sort((a, b) => b.literal - a.literal);
    if (operation === undefined) continue;
    called.add(operation.name);
    if (!(status in operation.responses)) unnamed.add(`${operation.name}: ${status}`);
  }
  const names = operations.map(({ name }) => name);
  return {
    called: names.filter((name) => called.has(name)),
    notCalled: names.filter((name) => !called.has(name)),
    unnamed: [...unnamed],
  };
}

function patternOf(path: string): RegExp {
  const escaped = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+');
  return new RegExp(`^${escaped}$`);
}
