-- Who asked to be forgotten: the pseudonym stays here only until nothing of it is left.
create table erasures (
  id uuid primary key,
  pseudonym uuid,
  requested_at timestamptz not null,
  finished_at timestamptz
);

-- All sessions of a person, with or without an entry.
create index entries_sessions_of_user on projections.entries (generation, user_id, session_id);
