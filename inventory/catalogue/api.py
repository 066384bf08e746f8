"""The catalogue for programs."""

from typing import ClassVar

from backoffice.api.endpoints import MasterEndpoint
from backoffice.api.routes import route
from backoffice.api.serializers import RowSerializer
from inventory.catalogue.forms import ItemFilters
from inventory.catalogue.models import Barcode, Category, Item, ItemUnit, Unit


class UnitSerializer(RowSerializer):
    class Meta:
        model = Unit
        fields = ["id", "code", "name", "digits"]


class CategorySerializer(RowSerializer):
    class Meta:
        model = Category
        fields = ["id", "company", "code", "name", "cost_method", "stock_account", "cost_account", "capitalise_from"]


class ItemSerializer(RowSerializer):
    class Meta:
        model = Item
        fields = [
            "id", "company", "code", "name", "category", "unit", "kind", "is_asset", "tax_code", "account",
            "standard_cost", "is_active",
        ]  # fmt: skip
        read_only_fields = ["standard_cost"]  # a new standard cost is an act of stock, since it moves value


class ItemUnitSerializer(RowSerializer):
    class Meta:
        model = ItemUnit
        fields = ["id", "item", "name", "unit", "numerator", "denominator"]


class BarcodeSerializer(RowSerializer):
    class Meta:
        model = Barcode
        fields = ["id", "company", "item", "item_unit", "code"]


@route("catalogue/units")
class UnitEndpoint(MasterEndpoint):
    """Units of measure, by UNECE Recommendation 20."""

    model = Unit
    serializer_class = UnitSerializer


@route("catalogue/categories")
class CategoryEndpoint(MasterEndpoint):
    """Groups of items that are valued and posted alike."""

    model = Category
    serializer_class = CategorySerializer


@route("catalogue/items")
class ItemEndpoint(MasterEndpoint):
    """Items."""

    model = Item
    serializer_class = ItemSerializer
    filterset_class = ItemFilters


@route("catalogue/item-units")
class ItemUnitEndpoint(MasterEndpoint):
    """Further units of items, exact ratios."""

    model = ItemUnit
    serializer_class = ItemUnitSerializer
    filterset_fields: ClassVar = {"item": ["exact"]}


@route("catalogue/barcodes")
class BarcodeEndpoint(MasterEndpoint):
    """Codes by which a scanner finds an item."""

    model = Barcode
    serializer_class = BarcodeSerializer
    filterset_fields: ClassVar = {"item": ["exact"]}
