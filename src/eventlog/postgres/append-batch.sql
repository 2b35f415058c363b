-- Appends a batch in one round trip and one transaction: many streams, one append each.
-- $1 streams, $2 expected versions (−1: no stream yet, −2: any), $3 events: for each the number of its append (from 1),
-- its place in it (from 1), $4 places, $5 types, $6 data, $7 metadata.
-- An append whose expectation fails inserts nothing and fails no other. Two writers that pass the check at the same
-- moment meet at the primary key; the whole batch is then undone and its appends are tried one by one.
with
appends as (
  select number, stream, expected
  from unnest($1::text[], $2::int[]) with ordinality as given (stream, expected, number)
),
checked as (
  select number, stream, expected, coalesce(
    (select version from events where events.stream = appends.stream order by version desc limit 1), -1
  ) as version
  from appends
),
allowed as (
  select * from checked where expected = -2 or expected = version
),
inserted as (
  insert into events (stream, version, transaction_id, type, data, metadata)
  select allowed.stream, allowed.version + given.place,
    (select in_commit_order(pg_current_xact_id())), -- as by default, but worked out once for all
    given.type, given.data::json, given.metadata::json
  from unnest($3::int[], $4::int[], $5::text[], $6::text[], $7::text[])
    as given (number, place, type, data, metadata)
  join allowed using (number)
  order by given.number, given.place
  returning 1
)
select checked.version, allowed.number is not null as allowed
from checked left join allowed using (number)
order by checked.number
