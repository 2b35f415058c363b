-- The read model of projections/experiment. `version` is the projection's: a new one is built beside the old.
create table experiments (
  version integer not null,
  flag text not null,
  state json not null,
  primary key (version, flag)
);

create table experiment_stages (
  version integer not null,
  flag text not null,
  stage integer not null,
  attempt integer not null,
  state json not null,
  primary key (version, flag, stage)
);

create table experiment_sessions (
  version integer not null,
  session_id uuid not null,
  state json not null,
  primary key (version, session_id)
);

create table experiment_users (
  version integer not null,
  flag text not null,
  user_id text not null,
  state json not null,
  primary key (version, flag, user_id)
);

-- When the flag server was last read, and what it said.
create table flag_checks (
  flag text primary key,
  check_result json not null
);
