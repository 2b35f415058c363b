-- How far each consumer has come: written in the transaction of what it wrote. Updated for every batch: room for
-- versions in the page keeps the row in place.
create table consumers (
  name text primary key,
  position text not null,
  updated_at timestamptz not null default now()
) with (fillfactor = 20);

-- Streams that a consumer gave up on (dead letters), while it goes on with the others.
create table parked_streams (
  consumer text not null,
  stream text not null,
  -- The event that could not be handled; replay begins here.
  version integer not null,
  -- The newest event that was passed over; replay ends here.
  last_version integer not null,
  event_type text not null,
  error_code text not null,
  error_message text not null,
  parked_at timestamptz not null default now(),
  requeued boolean not null default false,
  primary key (consumer, stream)
);
