/** What a projection or a small table needs of a connection, a pool or a transaction; `pg`'s own types fit it. */
export interface Sql {
  query<Row extends Record<string, unknown>>(
    text: string,
    values?: unknown[],
  ): Promise<{ rows: Row[]; rowCount: number | null }>;
}
