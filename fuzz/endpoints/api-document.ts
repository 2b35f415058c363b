/** The served API document, as the fuzzer reads it: what may be asked, and what may be answered. */

/** JSON Schema (2020-12), as far as the document uses it; an unknown keyword is an error where values are made. */
export type Schema = Readonly<Record<string, unknown>>;

export type Parameter = {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly required: boolean;
  readonly schema: Schema;
};

export type Operation = {
  /** `POST /audio/session/create` */
  readonly id: string;
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  /** Needs a token. */
  readonly secured: boolean;
  readonly parameters: readonly Parameter[];
  /** Of a JSON body; null: none is taken. */
  readonly body: Schema | null;
  /** Media types by status; a status without a body has none. */
  readonly responses: ReadonlyMap<number, readonly string[]>;
};

export type ApiDocument = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

type DocumentedOperation = {
  readonly security?: readonly unknown[];
  readonly parameters?: readonly { in: Parameter['in']; name: string; required?: boolean; schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
};

export function operationsOf(document: ApiDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      id: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      secured: operation.security === undefined,
      parameters: (operation.parameters ?? []).map((each) => ({ ...each, required: each.required ?? false })),
      body: operation.requestBody?.content['application/json']?.schema ?? null,
      responses: new Map(
        Object.entries(operation.responses).map(([status, { content = {} }]) => [
          Number(status),
          Object.keys(content),
        ]),
      ),
    })),
  );
}

const REF = '#/components/schemas/';

/** What a `$ref` stands for. @throws Error when it leads nowhere */
export function resolved(schema: Schema, { components }: Pick<ApiDocument, 'components'>): Schema {
  const { $ref: reference } = schema;
  if (typeof reference !== 'string') return schema;
  const found = reference.startsWith(REF) ? components.schemas[reference.slice(REF.length)] : undefined;
  if (found === undefined) throw new Error(`the document has no ${reference}`);
  return resolved(found, { components });
}
