-- The read model of projections/sessions: one row a session, for those who run the service.
create table session_list (
  session_id uuid primary key,
  state text not null,
  variant text not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  has_dead_step boolean not null,
  row json not null
);

create index session_list_newest on session_list (created_at desc, session_id desc);
create index session_list_by_state on session_list (state, created_at desc, session_id desc);
create index session_list_unfinished on session_list (changed_at) where state in ('recording', 'processing');
create index session_list_dead on session_list (session_id) where has_dead_step;
