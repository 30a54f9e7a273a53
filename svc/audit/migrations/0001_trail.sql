create table audit.entry (
  id uuid primary key,
  workspace_id uuid not null,
  event_id uuid not null unique,
  type text not null,
  time timestamptz(3) not null,
  actor_id text not null,
  actor_type text not null,
  task_id uuid,
  project_id uuid,
  changes json not null
);

-- One for each way to ask; all newest first within a workspace.
create index entry_newest on audit.entry (workspace_id, time desc, id desc);
create index entry_of_task on audit.entry (workspace_id, task_id, time desc, id desc) where task_id is not null;
create index entry_of_project on audit.entry (workspace_id, project_id, time desc, id desc);
create index entry_of_actor on audit.entry (workspace_id, actor_id, time desc, id desc);
create index entry_of_type on audit.entry (workspace_id, type, time desc, id desc);

-- The trail only grows, whoever asks. "always": also when replication turns ordinary triggers off.
create function audit.refuse() returns trigger language plpgsql as $$
begin
  raise exception 'the audit trail only grows: % is refused', tg_op using errcode = 'insufficient_privilege';
end
$$;
create trigger entry_is_kept before update or delete or truncate on audit.entry
  for each statement execute function audit.refuse();
alter table audit.entry enable always trigger entry_is_kept;
