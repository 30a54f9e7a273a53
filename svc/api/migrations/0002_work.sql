-- What the api is for: projects, tasks, and the operations by which their changes can be undone.

create type api.priority as enum ('none', 'low', 'medium', 'high', 'urgent');
create type api.task_status as enum ('open', 'completed', 'deleted');

create table api.project (
  id uuid primary key,
  workspace_id uuid not null references api.workspace (id) on delete cascade,
  name text not null check (char_length(name) between 1 and 100),
  color text not null,
  is_inbox boolean not null default false,
  -- Fractional indexes sort byte by byte.
  position text collate "C" not null,
  archived_at timestamptz(3),
  -- A deleted project is gone for every reader; the row stays so that its deletion can be undone.
  deleted_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null,
  created_by uuid not null,
  updated_at timestamptz(3) not null,
  -- What tasks refer to: a task cannot be in a project of another workspace.
  unique (workspace_id, id),
  check (not (is_inbox and (archived_at is not null or deleted_at is not null)))
);
create unique index project_inbox on api.project (workspace_id) where is_inbox;
create index project_position on api.project (workspace_id, position, id) where deleted_at is null;

create table api.task (
  id uuid primary key,
  workspace_id uuid not null,
  project_id uuid not null,
  title text collate "und-x-icu" not null check (char_length(title) between 1 and 500),
  notes text not null check (char_length(notes) <= 50000),
  priority api.priority not null,
  due_date date,
  due_time time(0),
  time_zone text,
  due_at timestamptz(3),
  completed_at timestamptz(3),
  completed_by uuid,
  deleted_at timestamptz(3),
  position text collate "C" not null,
  version integer not null default 1,
  created_at timestamptz(3) not null,
  created_by uuid not null,
  updated_at timestamptz(3) not null,
  -- The leading column of every list: a list looks at one status at a time.
  status api.task_status not null generated always as (
    case
      when deleted_at is not null then 'deleted'::api.task_status
      when completed_at is not null then 'completed'::api.task_status
      else 'open'::api.task_status
    end
  ) stored,
  -- What is not due sorts last.
  due_order timestamptz(3) not null generated always as (coalesce(due_at, 'infinity'::timestamptz)) stored,
  foreign key (workspace_id, project_id) references api.project (workspace_id, id) on delete cascade,
  check ((due_time is null) = (time_zone is null)),
  check (due_time is null or due_date is not null),
  check ((due_date is null) = (due_at is null)),
  check ((completed_at is null) = (completed_by is null))
);

-- One index for each sort, of a workspace and of a project. Without the second kind a small project in a large workspace is
-- listed by walking the workspace, and without the sort in it by sorting the whole project.
create index task_workspace_position on api.task (workspace_id, status, position, id);
create index task_workspace_due on api.task (workspace_id, status, due_order, id);
create index task_workspace_priority on api.task (workspace_id, status, priority, id);
create index task_workspace_created on api.task (workspace_id, status, created_at, id);
create index task_workspace_updated on api.task (workspace_id, status, updated_at, id);
create index task_workspace_title on api.task (workspace_id, status, title, id);
create index task_project_position on api.task (project_id, status, position, id);
create index task_project_due on api.task (project_id, status, due_order, id);
create index task_project_priority on api.task (project_id, status, priority, id);
create index task_project_created on api.task (project_id, status, created_at, id);
create index task_project_updated on api.task (project_id, status, updated_at, id);
create index task_project_title on api.task (project_id, status, title, id);

-- What a change did, for as long as it may be undone. Its id is also the id of its event.
create table api.operation (
  id uuid primary key,
  workspace_id uuid not null references api.workspace (id) on delete cascade,
  -- On whose behalf: who may undo it.
  user_id uuid not null,
  -- The event type without its version, such as task.created; the word before the dot says what subject_id names.
  kind text not null,
  subject_id uuid not null,
  -- The version that the change made: while the thing has it, nothing else has changed.
  version integer not null,
  -- Field → [before, after].
  changes jsonb not null
);

-- Every workspace has an Inbox, made in the transaction that makes its owner. 'a0' sorts before every position of the clock.
create function api.found_inbox() returns trigger language plpgsql as $$
begin
  insert into api.project (id, workspace_id, name, color, is_inbox, position, created_at, created_by, updated_at)
  values (api.new_id(), new.workspace_id, 'Inbox', 'gray', true, 'a0', now(), new.user_id, now())
  on conflict (workspace_id) where is_inbox do nothing;
  return null;
end
$$;

create trigger found_inbox after insert on api.member
for each row when (new.role = 'owner') execute function api.found_inbox();
