-- The first of three steps to a trail in months (ADR 0013): says how late what was written so far can be. It is at once in force
-- for what is new, which is why it leaves a week to the two steps that follow. Nobody waits: the entries are looked at without a lock.
do $$
declare
  latest timestamptz := (select max(time) from audit.entry);
  until timestamptz := date_trunc('month', greatest(latest, now()) + interval '7 days', 'UTC') + interval '1 month';
begin
  execute format('alter table audit.entry add constraint entry_bound check (time < %L) not valid', until);
end
$$;
