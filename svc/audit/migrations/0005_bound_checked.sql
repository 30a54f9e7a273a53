-- Looks at every entry, for as long as that takes, while others read and write: so the last step need not.
alter table audit.entry validate constraint entry_bound;
