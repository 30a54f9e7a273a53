-- What is to be done when, for the engine in PostgreSQL. `next_at` is when to look at it: its moment, or later while it
-- runs or has failed. `revision` tells a job from the one that was scheduled over it.
create table scheduler.job (
  name text primary key,
  kind text not null,
  at timestamptz(3) not null,
  -- json, not jsonb: it is only handed on.
  data json not null,
  next_at timestamptz(3) not null,
  revision uuid not null default gen_random_uuid()
);
create index job_next on scheduler.job (kind, next_at);

-- Who runs what, and what is done, for every engine: an engine may bring a job twice. Nobody begins before `next_at`, which
-- is the end of the holder's lease, of the pause after a failure, or of the period of work that comes back (whose `at` is
-- -infinity). The clock here is PostgreSQL's alone.
create table scheduler.run (
  name text not null,
  at timestamptz(3) not null,
  holder uuid,
  tries integer not null default 0,
  next_at timestamptz(3) not null,
  done boolean not null default false,
  primary key (name, at)
);
create index run_next on scheduler.run (next_at);
create index run_holder on scheduler.run (holder) where holder is not null;
