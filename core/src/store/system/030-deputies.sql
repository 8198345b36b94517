-- Steps and changes that somebody took for a colleague who is away: `by` did it, on whose behalf (SEC-16).
alter table mortise.workflow_step add column behalf uuid
--
alter table mortise.history add column behalf uuid
