-- One approval among several that a transition needs: which part it counts for, and as whom. The state stays.
alter table mortise.workflow_step add column vote json
