-- The read model of projections/entries: one row a session; texts are objects, named by reference.
create table entries (
  session_id uuid primary key,
  user_id text not null,
  created_at timestamptz not null,
  has_entry boolean not null,
  state jsonb not null
);

create index entries_of_user on entries (user_id, created_at desc, session_id desc) where has_entry;
