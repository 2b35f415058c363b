-- A page of the commit order behind ($1, $2): at most $3 events are looked at, and not more than about $6 bytes
-- (one event at least); those that the filter ($4 stream prefix, $5 types) leaves out come without content, so that the
-- page's end is known also when nothing matches. Always one row at least.
-- weight: bytes up to and with this event. held_back: there are events already committed that may not be shown
-- yet, because an older transaction is still running; it will be over soon, and nobody will notify us of that. (Asked by
-- the newest entry of the index: "exists (… >= horizon)" is planned as a scan of the whole table.)
with horizon as materialized (
  select in_commit_order(pg_snapshot_xmin(pg_current_snapshot())) as xmin
),
looked_at as (
  select events.*, starts_with(stream, $4) and ($5::text[] is null or type = any ($5)) as matches
  from events
  where (transaction_id, sequence) > ($1::xid8, $2::bigint)
    and transaction_id < (select xmin from horizon)
  order by transaction_id, sequence
  limit $3
),
sized as (
  select *, case
      when not matches then 0
      when pg_column_size(data) < 1000 then pg_column_size(data)
      else octet_length(data::text) -- it may be compressed: cheap to ask only where it isn't
    end as size
  from looked_at
),
weighed as (
  select *, sum(size) over (order by transaction_id, sequence rows unbounded preceding) as weight from sized
),
newest as (
  select transaction_id from events order by transaction_id desc, sequence desc limit 1
)
select
  state.held_back,
  transaction_id::text as transaction, page.sequence::text as sequence, matches, weight::float8 as weight,
  case when matches then stream end as stream,
  case when matches then version end as version,
  case when matches then type end as type,
  case when matches then data end as data,
  case when matches then metadata end as metadata,
  case when matches then (recorded_at at time zone 'UTC')::text end as recorded_at
from (
  select coalesce((select transaction_id from newest) >= (select xmin from horizon), false) as held_back
) as state
left join (select * from weighed where weight - size < $6) as page on true
order by page.transaction_id, page.sequence
