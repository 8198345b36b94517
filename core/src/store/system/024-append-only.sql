-- The history is only added to (DESIGN §4), whatever a program on this database believes it may do. Sample data takes
-- its history with it when it goes, and says so for the length of its transaction.
create function mortise.refuse_rewriting() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('mortise.removes_samples', true) = 'on' then
    return old;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'MRT02';
end $$
--
create trigger history_append_only before update or delete on mortise.history
  for each row execute function mortise.refuse_rewriting()
--
create trigger workflow_step_append_only before update or delete on mortise.workflow_step
  for each row execute function mortise.refuse_rewriting()
