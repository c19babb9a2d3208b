-- online
ALTER TABLE audit VALIDATE CONSTRAINT audit_actor_kind_known
