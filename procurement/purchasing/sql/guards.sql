-- What a supplier was sent is kept as it was sent, and an order that was sent is not changed behind its revision.
-- Owned by the role that migrates; the same rules stand in Python, for the kinder message.

CREATE TRIGGER purchasing_revision_append_only BEFORE UPDATE OR DELETE ON purchasing_revision
    FOR EACH ROW EXECUTE FUNCTION core_keep('What a supplier was sent is kept as it was sent.', 'kept');
CREATE TRIGGER purchasing_revision_no_truncate BEFORE TRUNCATE ON purchasing_revision
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('What a supplier was sent is kept as it was sent.', 'kept');

CREATE FUNCTION purchasing_order_line_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    parent record;
BEGIN
    -- FOR SHARE, since a foreign key alone does not keep the parent's state from changing meanwhile.
    SELECT state, number INTO parent FROM purchasing_purchaseorder WHERE id = coalesce(NEW.order_id, OLD.order_id) FOR SHARE;
    IF parent.state IN ('submitted', 'approved', 'sent', 'closed', 'cancelled') AND (TG_OP <> 'UPDATE'
        -- what is cancelled of a sent order, and what is left of its net
        OR parent.state <> 'sent'
        OR to_jsonb(NEW) - '{cancelled,net}'::text[] <> to_jsonb(OLD) - '{cancelled,net}'::text[]) THEN
        PERFORM core_refuse(format('Order %s is %s: its lines cannot be changed.', parent.number, parent.state), 'state');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER purchasing_order_line_guard BEFORE INSERT OR UPDATE OR DELETE ON purchasing_orderline
    FOR EACH ROW EXECUTE FUNCTION purchasing_order_line_guard();

CREATE FUNCTION purchasing_requisition_line_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    parent record;
BEGIN
    SELECT state, number INTO parent FROM purchasing_requisition
     WHERE id = coalesce(NEW.requisition_id, OLD.requisition_id) FOR SHARE;
    IF parent.state <> 'draft' THEN
        PERFORM core_refuse(format('Requisition %s is %s: its lines cannot be changed.', parent.number, parent.state), 'state');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER purchasing_requisition_line_guard BEFORE INSERT OR UPDATE OR DELETE ON purchasing_requisitionline
    FOR EACH ROW EXECUTE FUNCTION purchasing_requisition_line_guard();

-- What a bill did with its match is told once: the books stand on it. Acceptances likewise.
CREATE TRIGGER purchasing_match_guard BEFORE UPDATE OR DELETE ON purchasing_matchrow
    FOR EACH ROW WHEN (OLD.entry_id IS NOT NULL)
    EXECUTE FUNCTION core_keep('A match in the books is final: it is only taken back by another.', 'posted');
CREATE TRIGGER purchasing_match_no_truncate BEFORE TRUNCATE ON purchasing_matchrow
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('%s keeps the books: it cannot be emptied.', 'posted');
CREATE TRIGGER purchasing_acceptance_append_only BEFORE UPDATE OR DELETE ON purchasing_acceptance
    FOR EACH ROW EXECUTE FUNCTION core_keep('What was accepted stays accepted: it cannot be changed or deleted.', 'kept');
CREATE TRIGGER purchasing_acceptance_no_truncate BEFORE TRUNCATE ON purchasing_acceptance
    FOR EACH STATEMENT EXECUTE FUNCTION core_keep('What was accepted stays accepted: it cannot be changed or deleted.', 'kept');
