-- Views are rebuilt beside themselves (docs/adr/0020): their tables hold the rows of several generations, and readers
-- read those of the one that is live.
--
-- They are new tables, filled from the ones that they take the place of, which stay as they are: a node of before goes
-- on with those, under its own checkpoint. A later migration drops them, when no such node runs any more: entries,
-- session_list, experiments, experiment_stages, experiment_sessions, experiment_users, and the checkpoints named below.
create schema projections;

-- building ─caught up─▶ live ─another takes its place─▶ retired ─rows deleted─▶ removed
--    └────cancelled───────────────────────────────────────▲
-- `version` is the code's that folds it: nodes of two versions run side by side, each with a live generation of its own.
create table projections.generations (
  projection text not null,
  generation integer not null,
  version integer not null,
  state text not null check (state in ('building', 'live', 'retired', 'removed')),
  requested_by text not null,
  requested_at timestamptz not null default now(),
  swapped_at timestamptz,
  retired_at timestamptz,
  primary key (projection, generation)
);

create unique index generations_live on projections.generations (projection, version) where state = 'live';
create unique index generations_building on projections.generations (projection, version) where state = 'building';

insert into projections.generations (projection, generation, version, state, requested_by)
select name, 1, 1, 'live', 'system:migration' from unnest(array['entries', 'session-list', 'experiment']) as name;

create table projections.entries (
  generation integer not null,
  session_id uuid not null,
  user_id text not null,
  created_at timestamptz not null,
  has_entry boolean not null,
  state jsonb not null,
  primary key (generation, session_id)
);

create table projections.session_list (
  generation integer not null,
  session_id uuid not null,
  state text not null,
  variant text not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  has_dead_step boolean not null,
  row json not null,
  primary key (generation, session_id)
);

create table projections.experiments (
  generation integer not null,
  flag text not null,
  state json not null,
  primary key (generation, flag)
);

create table projections.experiment_stages (
  generation integer not null,
  flag text not null,
  stage integer not null,
  attempt integer not null,
  state json not null,
  primary key (generation, flag, stage)
);

create table projections.experiment_sessions (
  generation integer not null,
  flag text not null,
  session_id uuid not null,
  state json not null,
  primary key (generation, flag, session_id)
);

create table projections.experiment_users (
  generation integer not null,
  flag text not null,
  user_id text not null,
  state json not null,
  primary key (generation, flag, user_id)
);

-- Each view in one statement, and so of one moment: rows, checkpoint and parked streams agree, whatever a node that is
-- still running writes meanwhile.
with copied as (
  insert into projections.entries (generation, session_id, user_id, created_at, has_entry, state)
  select 1, session_id, user_id, created_at, has_entry, state from entries
),
parked as (
  insert into parked_streams (consumer, stream, version, last_version, event_type, error_code, error_message, parked_at, requeued)
  select 'entries-v1-g1', stream, version, last_version, event_type, error_code, error_message, parked_at, requeued
  from parked_streams where consumer = 'entries-v1'
)
insert into consumers (name, position) select 'entries-v1-g1', position from consumers where name = 'entries-v1';

with copied as (
  insert into projections.session_list
    (generation, session_id, state, variant, created_at, changed_at, has_dead_step, row)
  select 1, session_id, state, variant, created_at, changed_at, has_dead_step, row from session_list
),
parked as (
  insert into parked_streams (consumer, stream, version, last_version, event_type, error_code, error_message, parked_at, requeued)
  select 'session-list-v1-g1', stream, version, last_version, event_type, error_code, error_message, parked_at, requeued
  from parked_streams where consumer = 'session-list-v1'
)
insert into consumers (name, position)
select 'session-list-v1-g1', position from consumers where name = 'session-list-v1';

with experiment as (
  insert into projections.experiments (generation, flag, state)
  select 1, flag, state from experiments where version = 1
),
stages as (
  insert into projections.experiment_stages (generation, flag, stage, attempt, state)
  select 1, flag, stage, attempt, state from experiment_stages where version = 1
),
sessions as (
  insert into projections.experiment_sessions (generation, flag, session_id, state)
  select 1, state ->> 'flag', session_id, state from experiment_sessions where version = 1
),
users as (
  insert into projections.experiment_users (generation, flag, user_id, state)
  select 1, flag, user_id, state from experiment_users where version = 1
),
parked as (
  insert into parked_streams (consumer, stream, version, last_version, event_type, error_code, error_message, parked_at, requeued)
  select 'experiment-v1-g1', stream, version, last_version, event_type, error_code, error_message, parked_at, requeued
  from parked_streams where consumer = 'experiment-chunked-upload-v1'
)
insert into consumers (name, position)
select 'experiment-v1-g1', position from consumers where name = 'experiment-chunked-upload-v1';

create index entries_of_user on projections.entries (generation, user_id, created_at desc, session_id desc)
  where has_entry;
create index session_list_newest on projections.session_list (generation, created_at desc, session_id desc);
create index session_list_by_state on projections.session_list (generation, state, created_at desc, session_id desc);
create index session_list_unfinished on projections.session_list (generation, changed_at)
  where state in ('recording', 'processing');
create index session_list_dead on projections.session_list (generation, session_id) where has_dead_step;
