import type { Sql } from '../eventlog/sql.ts';
import type { FlagCheck, FlagChecks } from '../rollouts/flag-checks.ts';

const LAST = 'select check_result as "result" from flag_checks where flag = $1';
const SAVE = `insert into flag_checks (flag, check_result) values ($1, $2)
  on conflict (flag) do update set check_result = excluded.check_result`;

/** In the table `flag_checks`, one row a flag. */
export function postgresFlagChecks(sql: Sql): FlagChecks {
  return {
    async last(flag) {
      const { rows } = await sql.query<{ result: FlagCheck }>(LAST, [flag]);
      return rows[0]?.result ?? null;
    },
    async save(flag, check) {
      await sql.query(SAVE, [flag, JSON.stringify(check)]);
    },
  };
}
