-- Which change of the model has rewritten a record, so that the change can be taken back.
alter table mortise.history add column change_set uuid
--
create index history_change_set on mortise.history (change_set) where change_set is not null
--
-- A previewed change carries what becomes of stored values, or which version it goes back to.
alter table mortise.plan add column data json not null default '[]', add column revert json
