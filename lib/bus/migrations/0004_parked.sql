-- Parked events, on both engines. A queue is what is tried in order: the events of one key, or a single event that nobody could read yet.
-- The row of a queue counts its events and says when it is due, so that neither a million events nor a thousand keys have to be looked at.
create table bus.parked_queue (
  topic text not null,
  consumer_group text not null,
  queue text not null,
  partition smallint not null,
  -- The type of its first event while no program has been found that knows its version.
  unknown_type text,
  waiting bigint not null,
  parked_at timestamptz(3) not null default clock_timestamp(),
  next_try_at timestamptz(3) not null,
  -- Who tries it, until `next_try_at`.
  claim uuid,
  primary key (topic, consumer_group, queue)
);
create index parked_queue_due on bus.parked_queue (topic, consumer_group, next_try_at);
create index parked_queue_set_aside on bus.parked_queue (topic, consumer_group, unknown_type) where unknown_type is not null;

create table bus.parked_event (
  topic text not null,
  consumer_group text not null,
  queue text not null,
  id bigint generated always as identity,
  key text not null,
  partition smallint not null,
  -- As it lay on the log, to the byte: jsonb would refuse \u0000, which JSON may hold.
  event text not null,
  tries integer not null,
  reason text,
  first_failed_at timestamptz(3),
  parked_at timestamptz(3) not null default clock_timestamp(),
  primary key (topic, consumer_group, queue, id)
);

alter table bus.dead_letter alter column event type json using event::text::json;
