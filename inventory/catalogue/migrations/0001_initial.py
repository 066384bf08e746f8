
import django.db.models.deletion
from django.db import migrations, models

# UNECE Recommendation 20, the codes that electronic invoices carry; code, name, decimals of a quantity
UNITS = [
    ("C62", "piece", 0),
    ("PR", "pair", 0),
    ("SET", "set", 0),
    ("DZN", "dozen", 0),
    ("GRM", "gram", 0),
    ("KGM", "kilogram", 3),
    ("TNE", "tonne", 3),
    ("MLT", "millilitre", 0),
    ("LTR", "litre", 3),
    ("MMT", "millimetre", 0),
    ("CMT", "centimetre", 1),
    ("MTR", "metre", 2),
    ("KMT", "kilometre", 1),
    ("MTK", "square metre", 2),
    ("MTQ", "cubic metre", 3),
    ("HUR", "hour", 2),
    ("DAY", "day", 2),
    ("WEE", "week", 1),
    ("MON", "month", 1),
    ("ANN", "year", 1),
    ("KWH", "kilowatt hour", 2),
    ("LS", "lump sum", 0),
]


def load_units(apps, schema_editor):
    """What every house counts in, so that the first item can be entered; administrators add further ones."""
    Unit = apps.get_model("catalogue", "Unit")
    Unit.objects.bulk_create(Unit(code=code, name=name, digits=digits) for code, name, digits in UNITS)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('ledger', '0001_initial'),
        ('organisation', '0001_initial'),
        ('tax', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, verbose_name='code')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('cost_method', models.CharField(choices=[('fifo', 'First in, first out'), ('average', 'Moving average'), ('standard', 'Standard cost')], default='average', max_length=8, verbose_name='cost method')),
                ('capitalise_from', models.DecimalField(decimal_places=6, default=0, help_text='Equipment that costs less apiece, in company currency, is an expense', max_digits=20, verbose_name='capitalise from')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='item_categories', to='organisation.company', verbose_name='company')),
                ('cost_account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account', verbose_name='account of what is issued')),
                ('stock_account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account', verbose_name='stock account')),
            ],
            options={
                'verbose_name': 'item category',
                'verbose_name_plural': 'item categories',
                'ordering': ['company', 'code'],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30, verbose_name='code')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('kind', models.CharField(choices=[('stock', 'Kept in stock'), ('service', 'Service'), ('expense', 'Used up at once')], default='stock', max_length=8, verbose_name='kind')),
                ('is_asset', models.BooleanField(default=False, help_text='Each piece received is handed to the equipment register', verbose_name='becomes equipment')),
                ('standard_cost', models.DecimalField(decimal_places=6, default=0, help_text='Of one unit, in company currency', max_digits=20, verbose_name='standard cost')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('account', models.ForeignKey(blank=True, help_text='What it is booked to when it is not kept in stock', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account', verbose_name='account')),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='catalogue.category', verbose_name='category')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='organisation.company', verbose_name='company')),
                ('tax_code', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tax.taxcode', verbose_name='VAT when bought')),
            ],
            options={
                'verbose_name': 'item',
                'verbose_name_plural': 'items',
                'ordering': ['company', 'code'],
            },
        ),
        migrations.CreateModel(
            name='ItemUnit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='As people say it, e.g. pack of 25', max_length=40, verbose_name='name')),
                ('numerator', models.PositiveIntegerField(default=1, verbose_name='base units')),
                ('denominator', models.PositiveIntegerField(default=1, verbose_name='in so many')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='units', to='catalogue.item', verbose_name='item')),
            ],
            options={
                'verbose_name': 'unit of an item',
                'verbose_name_plural': 'units of items',
                'ordering': ['item', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Barcode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=48, verbose_name='code')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='barcodes', to='organisation.company', verbose_name='company')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='barcodes', to='catalogue.item', verbose_name='item')),
                ('item_unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='barcodes', to='catalogue.itemunit', verbose_name='of the unit')),
            ],
            options={
                'verbose_name': 'barcode',
                'verbose_name_plural': 'barcodes',
                'ordering': ['item', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='UNECE Recommendation 20, e.g. C62', max_length=3, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('digits', models.PositiveSmallIntegerField(default=0, help_text='Of a quantity in this unit', verbose_name='decimals')),
            ],
            options={
                'verbose_name': 'unit',
                'verbose_name_plural': 'units',
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('digits__lte', 6)), name='unit_digits_fit')],
            },
        ),
        migrations.AddField(
            model_name='itemunit',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.unit', verbose_name='unit'),
        ),
        migrations.AddField(
            model_name='item',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.unit', verbose_name='unit'),
        ),
        migrations.AddConstraint(
            model_name='category',
            constraint=models.UniqueConstraint(fields=('company', 'code'), name='item_category_code_once_a_company'),
        ),
        migrations.AddConstraint(
            model_name='category',
            constraint=models.CheckConstraint(condition=models.Q(('cost_method__in', ['fifo', 'average', 'standard'])), name='item_category_method_is_known'),
        ),
        migrations.AddConstraint(
            model_name='category',
            constraint=models.CheckConstraint(condition=models.Q(('capitalise_from__gte', 0)), name='item_category_limit_is_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='barcode',
            constraint=models.UniqueConstraint(models.F('company'), models.F('code'), name='barcode_once_a_company'),
        ),
        migrations.AddConstraint(
            model_name='barcode',
            constraint=models.CheckConstraint(condition=models.Q(('code', ''), _negated=True), name='barcode_is_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='itemunit',
            constraint=models.UniqueConstraint(fields=('item', 'name'), name='item_unit_name_once_an_item'),
        ),
        migrations.AddConstraint(
            model_name='itemunit',
            constraint=models.CheckConstraint(condition=models.Q(('denominator__gte', 1), ('numerator__gte', 1)), name='item_unit_ratio_is_positive'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['company', 'name'], name='catalogue_i_company_85b3ac_idx'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.UniqueConstraint(fields=('company', 'code'), name='item_code_once_a_company'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['stock', 'service', 'expense'])), name='item_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('standard_cost__gte', 0)), name='item_standard_cost_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('is_asset', True), ('kind', 'stock'), _negated=True), name='item_of_equipment_is_not_stock'),
        ),
        migrations.RunPython(load_units, migrations.RunPython.noop),
    ]
