/** The operations of the served API description, so that what is tested of all is tested of a new one too. */

export type Operation = {
  readonly method: string;
  /** `/audio/session/{id}/chunks/{index}` */
  readonly template: string;
  /** Answers anybody. */
  readonly isOpen: boolean;
};

const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

export async function apiOperations(baseUrl: string): Promise<Operation[]> {
  const document = (await (await fetch(`${baseUrl}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { security?: unknown[] }>>;
  };
  return Object.entries(document.paths).flatMap(([template, operations]) =>
    METHODS.filter((method) => operations[method] !== undefined).map((method) => ({
      method: method.toUpperCase(),
      template,
      isOpen: operations[method]?.security?.length === 0,
    })),
  );
}

/** With these in the place of the parameters; of what is not given, something that fits nothing. */
export function pathOf({ template }: Operation, parameters: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? 'nothing');
}
