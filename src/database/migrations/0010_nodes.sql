-- Who runs on this database, and what their settings are, as far as others may know: ADR 0034. A row is a process; it says
-- that it lives every two seconds, and by this server's clock alone.
create table nodes (
  id uuid primary key,
  -- Host and port, for people.
  name text not null,
  role text not null,
  version text not null,
  started_at timestamptz not null default clock_timestamp(),
  beat_at timestamptz not null default clock_timestamp(),
  -- Whoever sees it grow knows that the node lives now, and has not only been alive a moment ago.
  beats bigint not null default 0,
  -- Settings in which it may differ from others: its CONFIG_CHANGE.
  changing text[] not null,
  -- By name of the variable, a fingerprint of its value.
  settings jsonb not null
) with (fillfactor = 50);

-- What fingerprints are keyed with, one for all nodes of this database: 244 random bits.
create table node_key (
  only_one boolean primary key default true check (only_one),
  key text not null
);
insert into node_key (key) values (gen_random_uuid()::text || gen_random_uuid()::text);
