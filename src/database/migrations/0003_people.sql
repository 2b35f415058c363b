-- Who a pseudonym is. Deleting the row makes the log anonymous.
create table people (
  subject text primary key,
  pseudonym uuid not null unique,
  created_at timestamptz not null default now()
);
