-- The event log. A stream's events are numbered 0, 1, 2, …; the primary key is what makes two writers of one version
-- impossible. (transaction_id, sequence) is the commit order for subscribers: they read up to the oldest transaction
-- still running, so one that commits late is never skipped.
create table events (
  stream text not null,
  version integer not null,
  transaction_id xid8 not null default pg_current_xact_id(),
  sequence bigint not null generated always as identity,
  type text not null,
  data json not null,
  metadata json not null,
  recorded_at timestamptz not null default clock_timestamp(),
  primary key (stream, version)
);

create index events_in_commit_order on events (transaction_id, sequence);

create function notify_of_events() returns trigger language plpgsql as $$
begin
  perform pg_notify('thankly_events', '');
  return null;
end
$$;

create trigger events_notify after insert on events
  for each statement execute function notify_of_events();
