-- The history of a record tells what was passed on with the version of that write, in both languages.
alter table mortise.workflow_assignment add column version integer
--
alter table mortise.workflow_assignment add column labels json
--
create index workflow_assignment_history on mortise.workflow_assignment (entity, record_id, version)
