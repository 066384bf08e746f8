-- A tag names one thing for ever, and what was handed over to whom is not rewritten.

CREATE TRIGGER assets_asset_tag_kept BEFORE UPDATE ON assets_asset FOR EACH ROW
    WHEN (OLD.number IS DISTINCT FROM NEW.number OR OLD.company_id IS DISTINCT FROM NEW.company_id
       OR OLD.receipt_line_id IS DISTINCT FROM NEW.receipt_line_id OR OLD.piece IS DISTINCT FROM NEW.piece)
    EXECUTE FUNCTION core_keep('The tag of an asset stays, and assets are retired instead of deleted.', 'kept');
CREATE TRIGGER assets_asset_not_deleted BEFORE DELETE ON assets_asset
    FOR EACH ROW EXECUTE FUNCTION core_keep('The tag of an asset stays, and assets are retired instead of deleted.', 'kept');

CREATE TRIGGER assets_handover_kept BEFORE UPDATE ON assets_handover FOR EACH ROW
    WHEN (OLD.asset_id <> NEW.asset_id OR OLD.employment_id IS DISTINCT FROM NEW.employment_id
       OR OLD.place <> NEW.place OR OLD.given_at <> NEW.given_at OR OLD.given_by_id <> NEW.given_by_id
       OR (OLD.accepted_at IS NOT NULL AND OLD.accepted_at IS DISTINCT FROM NEW.accepted_at)
       OR OLD.returned_at IS NOT NULL)
    EXECUTE FUNCTION core_keep('A hand-over is not rewritten: it is accepted once and ends once.', 'kept');
CREATE TRIGGER assets_handover_not_deleted BEFORE DELETE ON assets_handover FOR EACH ROW
    EXECUTE FUNCTION core_keep('A hand-over is not rewritten: it is accepted once and ends once.', 'kept');
