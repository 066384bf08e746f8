DROP TRIGGER assets_handover_not_deleted ON assets_handover;
DROP TRIGGER assets_handover_kept ON assets_handover;
DROP TRIGGER assets_asset_not_deleted ON assets_asset;
DROP TRIGGER assets_asset_tag_kept ON assets_asset;
