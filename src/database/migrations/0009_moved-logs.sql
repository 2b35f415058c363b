-- A cluster counts its transactions by itself. Restored into another one from a dump, the log's events have numbers that
-- the new cluster reaches much later, or never: readers would wait for transactions that are long over, and take new
-- events for older than those. So what is appended and how far readers may look is counted from where the log had come:
-- each move adds a row here (src/eventlog/postgres/continue-commit-order.ts). Never moved, nothing is added.
create table log_moves (
  noticed_at timestamptz primary key default now(),
  -- What is added to this cluster's transaction ids.
  shift bigint not null check (shift > 0)
);

create function in_commit_order(xid8) returns xid8 language sql stable as $$
  select ($1::text::bigint + coalesce(max(shift), 0))::text::xid8 from log_moves
$$;

alter table events alter column transaction_id set default in_commit_order(pg_current_xact_id());
