-- Ids of a partition follow each other without a gap: whoever is at one knows which one comes next, and sees when it lacks some.
-- The row is also the lock that puts the publishers of a partition one behind the other.
create table bus.head (
  topic text not null,
  partition smallint not null,
  -- The id of the last event; it stays when the events are trimmed.
  head bigint not null,
  primary key (topic, partition)
) with (fillfactor = 10);

insert into bus.head (topic, partition, head) select topic, partition, max(id) from bus.event group by topic, partition;
alter table bus.event alter column id drop identity;
