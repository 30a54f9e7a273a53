-- The log. Ids of one partition become visible in their order: a publisher holds the topic's lock until it has committed.
create table bus.event (
  topic text not null,
  partition smallint not null,
  id bigint generated always as identity,
  key text not null,
  -- json, not jsonb: it is only handed on, and so is never taken apart and put together.
  event json not null,
  published_at timestamptz(3) not null default clock_timestamp(),
  primary key (topic, partition, id)
);

-- How far a group has come: everything up to `position` is done, parked or dead.
create table bus.cursor (
  topic text not null,
  consumer_group text not null,
  partition smallint not null,
  position bigint not null,
  primary key (topic, consumer_group, partition)
) with (fillfactor = 10);

-- Events that wait to be tried again, and the later events of their keys, which wait behind them (tries = 0).
create table bus.parked (
  topic text not null,
  consumer_group text not null,
  partition smallint not null,
  key text not null,
  id bigint generated always as identity,
  event jsonb not null,
  tries integer not null,
  reason text,
  first_failed_at timestamptz(3),
  next_try_at timestamptz(3) not null default clock_timestamp(),
  primary key (topic, consumer_group, partition, key, id)
);

-- Events that a group gave up, until someone replays or drops them.
create table bus.dead_letter (
  id bigint generated always as identity primary key,
  topic text not null,
  consumer_group text not null,
  partition smallint not null,
  key text not null,
  event jsonb not null,
  reason text not null,
  tries integer not null,
  first_failed_at timestamptz(3) not null,
  last_failed_at timestamptz(3) not null
);
