-- The log can be moved to KurrentDB (npm run events:copy, docs/kurrentdb.md). A row here seals it: from the seal's commit
-- on nothing is appended, by whatever node, also one of before this migration. Once the checkpoints were moved, too, none
-- that is a position of this log is written any more: who still follows it can write nothing.
--
-- 57P is the class of "away for now": every version tries again later, answers 503, and parks no stream for it.
create table log_seal (
  one boolean primary key default true check (one),
  sealed_at timestamptz not null default now(),
  -- When the checkpoints became those of KurrentDB.
  moved_at timestamptz
);

create function refuse_when_sealed() returns trigger language plpgsql as $$
begin
  if exists (select from log_seal) then
    raise exception 'the event log is sealed' using errcode = '57PLS', hint = 'it moves to KurrentDB: docs/kurrentdb.md';
  end if;
  return null;
end
$$;

-- An insert holds its lock on the table before this looks, and the seal waits for all such locks: there is no moment
-- between looking and inserting in which it could come.
create trigger events_sealed before insert on events
  for each statement execute function refuse_when_sealed();

create function refuse_when_moved() returns trigger language plpgsql as $$
begin
  if exists (select from log_seal where moved_at is not null) then
    raise exception 'the event log has moved' using errcode = '57PLS', hint = 'set EVENT_STORE_URL: docs/kurrentdb.md';
  end if;
  return new;
end
$$;

create trigger consumers_moved before insert or update on consumers
  for each row when (new.position not like 'C:%') execute function refuse_when_moved();

create trigger layouts_moved before insert or update on consumer_layouts
  for each row when (new.before::text ~ '"[0-9]+:[0-9]+"') execute function refuse_when_moved();
