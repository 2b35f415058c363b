-- A page of the commit order behind ($1, $2): at most $3 events are looked at, and not more than about $6 stored bytes
-- (one event at least); those that the filter ($4 stream prefix, $5 types) leaves out come without content, so that the
-- page's end is known also when nothing matches. Always one row at least.
-- more: there is more behind this page. held_back: there are events already committed that may not be shown yet,
-- because an older transaction is still running; it will be over soon, and nobody will notify us of that.
with horizon as materialized (
  select pg_snapshot_xmin(pg_current_snapshot()) as xmin
),
page as materialized (
  select events.*, starts_with(stream, $4) and ($5::text[] is null or type = any ($5)) as matches
  from events
  where (transaction_id, sequence) > ($1::xid8, $2::bigint)
    and transaction_id < (select xmin from horizon)
  order by transaction_id, sequence
  limit $3
),
weighed as (
  select page.*, sum(case when matches then pg_column_size(data) else 0 end)
    over (order by transaction_id, sequence rows between unbounded preceding and 1 preceding) as before
  from page
),
shown as materialized (
  select * from weighed where before is null or before < $6
)
select
  (select count(*) from page) = $3 or (select count(*) from page) > (select count(*) from shown) as more,
  (select exists (select 1 from events where transaction_id >= (select xmin from horizon))) as held_back,
  transaction_id::text as transaction, sequence::text as sequence, matches,
  case when matches then stream end as stream,
  case when matches then version end as version,
  case when matches then type end as type,
  case when matches then data end as data,
  case when matches then metadata end as metadata,
  case when matches then recorded_at end as recorded_at
from (values (1)) as one (row) left join shown on true
order by transaction_id, shown.sequence
