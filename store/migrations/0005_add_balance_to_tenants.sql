-- Changed by the ledger's trigger alone: the sum of a tenant's ledger, kept.
ALTER TABLE tenants ADD COLUMN balance numeric(18, 6) NOT NULL DEFAULT 0;
