-- By which the bin is emptied: few rows are in it, so the indexes are small and cost what is not in it nothing.
create index task_bin on api.task (deleted_at) where deleted_at is not null;
create index project_bin on api.project (deleted_at) where deleted_at is not null;
