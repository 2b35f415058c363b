-- A consumer may be split in partitions by stream (docs/adr/0036). Here stands in how many: a consumer with no row is
-- whole. Its partitions have checkpoints of their own in `consumers`, named `<consumer>/<partition>`; there is then none of
-- its own name. What it passes over is kept in `parked_streams` by its own name, as before.
create table consumer_layouts (
  consumer text primary key,
  partitions integer not null check (partitions between 1 and 16),
  -- What layouts of before had handled further than this one began, and which is passed over:
  -- [{"partitions": 2, "handledTo": ["741:3", null]}]
  before json not null,
  changed_at timestamptz not null default now()
);

-- A node that is older than this knows of no layouts. Should it lead a consumer that is split, it finds no checkpoint and
-- begins anew, so it must not write: with its checkpoint everything else of its transaction is refused. Who knows them
-- says so with its connection, and is not asked.
create function refuse_checkpoint_of_split_consumer() returns trigger language plpgsql as $$
begin
  if exists (select from consumer_layouts where consumer = new.name) then
    raise exception 'the consumer % is split in partitions, which this version does not know', new.name
      using errcode = 'object_not_in_prerequisite_state';
  end if;
  return new;
end
$$;

create trigger refuse_checkpoint_of_split_consumer before insert or update on consumers for each row
  when (current_setting('thankly.layouts', true) is distinct from 'known')
  execute function refuse_checkpoint_of_split_consumer();
