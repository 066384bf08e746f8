
import backoffice.core.flow
import backoffice.documents.models
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import finance.ledger.models
import inventory.stock.models.fields
from django.conf import settings
from django.db import migrations, models

from backoffice.core.sqlfiles import run_sql


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogue', '0001_initial'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('core', '0001_initial'),
        ('ledger', '0001_initial'),
        ('organisation', '0001_initial'),
        ('parties', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Bin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, verbose_name='code')),
                ('name', models.CharField(blank=True, max_length=60, verbose_name='name')),
                ('kind', models.CharField(choices=[('storage', 'Storage'), ('receiving', 'Receiving'), ('quarantine', 'Quarantine')], default='storage', max_length=10, verbose_name='kind')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
            ],
            options={
                'verbose_name': 'bin',
                'verbose_name_plural': 'bins',
                'ordering': ['warehouse', 'code'],
            },
        ),
        migrations.CreateModel(
            name='StockMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('receipt', 'Received'), ('return', 'Sent back'), ('issue', 'Issued'), ('back', 'Taken back'), ('transfer', 'Moved'), ('count', 'Counted'), ('opening', 'Opening')], max_length=8, verbose_name='what happened')),
                ('quantity', inventory.stock.models.fields.Quantity(decimal_places=6, max_digits=18, verbose_name='quantity')),
                ('on', models.DateField(db_column='moved_on', verbose_name='on')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='at')),
                ('origin_id', models.BigIntegerField(verbose_name='document')),
                ('origin_line', models.BigIntegerField(null=True, verbose_name='line of the document')),
                ('origin_name', models.CharField(max_length=60, verbose_name='document')),
                ('bin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.bin', verbose_name='bin')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.company', verbose_name='company')),
                ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='catalogue.item', verbose_name='item')),
                ('origin_type', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype', verbose_name='kind of document')),
            ],
            options={
                'verbose_name': 'stock move',
                'verbose_name_plural': 'stock moves',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='CostLayer',
            fields=[
                ('move', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='layer', serialize=False, to='stock.stockmove', verbose_name='move')),
                ('on', models.DateField(db_column='received_on', verbose_name='received on')),
                ('received', inventory.stock.models.fields.Quantity(decimal_places=6, max_digits=18, verbose_name='received')),
                ('remaining', inventory.stock.models.fields.Quantity(decimal_places=6, max_digits=18, verbose_name='left')),
                ('remaining_value', finance.ledger.models.Amount(decimal_places=4, default=0, max_digits=20, verbose_name='worth')),
                ('epoch', models.PositiveIntegerField(default=0, verbose_name='epoch')),
                ('kept', models.FloatField(default=0, verbose_name='logarithm of what was kept')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.company', verbose_name='company')),
                ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='layers', to='catalogue.item', verbose_name='item')),
            ],
            options={
                'verbose_name': 'cost layer',
                'verbose_name_plural': 'cost layers',
                'ordering': ['item', 'move'],
            },
        ),
        migrations.CreateModel(
            name='Expected',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin_id', models.BigIntegerField(verbose_name='order')),
                ('origin_line', models.BigIntegerField(verbose_name='line of the order')),
                ('origin_number', models.CharField(max_length=40, verbose_name='order number')),
                ('place', models.PositiveSmallIntegerField(default=1, verbose_name='line')),
                ('text', models.CharField(max_length=200, verbose_name='description')),
                ('quantity', inventory.stock.models.fields.Quantity(decimal_places=6, max_digits=18, verbose_name='ordered')),
                ('unit_cost', inventory.stock.models.fields.UnitCost(decimal_places=6, max_digits=20, verbose_name='unit cost')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='due')),
                ('received', inventory.stock.models.fields.Quantity(decimal_places=6, default=0, editable=False, max_digits=18, verbose_name='received')),
                ('rejected', inventory.stock.models.fields.Quantity(decimal_places=6, default=0, editable=False, max_digits=18, verbose_name='refused')),
                ('over_percent', models.DecimalField(decimal_places=2, default=0, max_digits=5, verbose_name='may come more, in per cent')),
                ('is_cancelled', models.BooleanField(default=False, editable=False, verbose_name='cancelled')),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account', verbose_name='account')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.company', verbose_name='company')),
                ('cost_centre', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.costcentre', verbose_name='cost centre')),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='expected', to='catalogue.item', verbose_name='item')),
                ('origin_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype', verbose_name='kind of order')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.party', verbose_name='supplier')),
            ],
            options={
                'verbose_name': 'expected receipt',
                'verbose_name_plural': 'expected receipts',
                'ordering': ['due_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='GoodsIssue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(blank=True, editable=False, max_length=32, verbose_name='number')),
                ('ref', models.UUIDField(db_default=backoffice.documents.models.OrderedId(), editable=False, unique=True, verbose_name='reference')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='entered at')),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='changed at')),
                ('state', backoffice.core.flow.StateField(choices=[('draft', 'Draft'), ('posted', 'Issued'), ('taken_back', 'Taken back'), ('void', 'Discarded')], default='draft', editable=False, max_length=16, verbose_name='state')),
                ('issued_on', models.DateField(verbose_name='issued on')),
                ('text', models.CharField(blank=True, max_length=120, verbose_name='what for')),
                ('changed_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='last changed by')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.company', verbose_name='company')),
                ('cost_centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.costcentre', verbose_name='cost centre')),
                ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('entry', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.journalentry', verbose_name='journal entry')),
            ],
            options={
                'verbose_name': 'goods issue',
                'verbose_name_plural': 'goods issues',
                'ordering': ['-issued_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='GoodsReceipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(blank=True, editable=False, max_length=32, verbose_name='number')),
                ('ref', models.UUIDField(db_default=backoffice.documents.models.OrderedId(), editable=False, unique=True, verbose_name='reference')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='entered at')),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='changed at')),
                ('state', backoffice.core.flow.StateField(choices=[('draft', 'Counting'), ('posted', 'Received'), ('void', 'Discarded')], default='draft', editable=False, max_length=16, verbose_name='state')),
                ('received_on', models.DateField(verbose_name='received on')),
                ('delivery_note', models.CharField(blank=True, max_length=60, verbose_name='delivery note')),
                ('changed_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='last changed by')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.company', verbose_name='company')),
                ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('entry', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.journalentry', verbose_name='journal entry')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.party', verbose_name='supplier')),
            ],
            options={
                'verbose_name': 'goods receipt',
                'verbose_name_plural': 'goods receipts',
                'ordering': ['-received_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='IssueLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField(verbose_name='line')),
                ('quantity', inventory.stock.models.fields.Quantity(decimal_places=6, max_digits=18, verbose_name='quantity')),
                ('value', finance.ledger.models.Amount(decimal_places=4, default=0, editable=False, max_digits=20, verbose_name='value')),
                ('bin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.bin', verbose_name='bin')),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='stock.goodsissue', verbose_name='issue')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.item', verbose_name='item')),
            ],
            options={
                'verbose_name': 'issue line',
                'verbose_name_plural': 'issue lines',
                'ordering': ['issue', 'place'],
            },
        ),
        migrations.CreateModel(
            name='OnHand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', inventory.stock.models.fields.Quantity(decimal_places=6, default=0, max_digits=18, verbose_name='on hand')),
                ('counted_on', models.DateField(null=True, verbose_name='last counted')),
                ('bin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='on_hand', to='stock.bin', verbose_name='bin')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.company', verbose_name='company')),
                ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='on_hand', to='catalogue.item', verbose_name='item')),
            ],
            options={
                'verbose_name': 'stock on hand',
                'verbose_name_plural': 'stock on hand',
                'ordering': ['item', 'bin'],
            },
        ),
        migrations.CreateModel(
            name='Position',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', inventory.stock.models.fields.Quantity(decimal_places=6, default=0, max_digits=18, verbose_name='quantity')),
                ('value', finance.ledger.models.Amount(decimal_places=4, default=0, max_digits=20, verbose_name='value')),
                ('last_cost', inventory.stock.models.fields.UnitCost(decimal_places=6, default=0, max_digits=20, verbose_name='last known unit cost')),
                ('epoch', models.PositiveIntegerField(default=0, verbose_name='epoch')),
                ('kept', models.FloatField(default=0, verbose_name='logarithm of what is kept')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.company', verbose_name='company')),
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='position', to='catalogue.item', verbose_name='item')),
            ],
            options={
                'verbose_name': 'stock position',
                'verbose_name_plural': 'stock positions',
                'ordering': ['item'],
            },
        ),
        migrations.CreateModel(
            name='ReceiptLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField(verbose_name='line')),
                ('quantity', inventory.stock.models.fields.Quantity(decimal_places=6, default=0, max_digits=18, verbose_name='accepted')),
                ('rejected', inventory.stock.models.fields.Quantity(decimal_places=6, default=0, max_digits=18, verbose_name='refused')),
                ('reason', models.CharField(blank=True, choices=[('damaged', 'Damaged'), ('wrong', 'Wrong goods'), ('quality', 'Quality'), ('excess', 'Not ordered')], max_length=8, verbose_name='why refused')),
                ('note', models.CharField(blank=True, max_length=120, verbose_name='note')),
                ('unit_cost', inventory.stock.models.fields.UnitCost(decimal_places=6, default=0, max_digits=20, verbose_name='unit cost')),
                ('value', finance.ledger.models.Amount(decimal_places=4, default=0, editable=False, max_digits=20, verbose_name='value')),
                ('returned', inventory.stock.models.fields.Quantity(decimal_places=6, default=0, editable=False, max_digits=18, verbose_name='sent back')),
                ('returned_value', finance.ledger.models.Amount(decimal_places=4, default=0, editable=False, max_digits=20, verbose_name='value sent back')),
                ('bin', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.bin', verbose_name='bin')),
                ('expected', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receipt_lines', to='stock.expected', verbose_name='expected as')),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.item', verbose_name='item')),
                ('receipt', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='stock.goodsreceipt', verbose_name='receipt')),
            ],
            options={
                'verbose_name': 'receipt line',
                'verbose_name_plural': 'receipt lines',
                'ordering': ['receipt', 'place'],
            },
        ),
        migrations.CreateModel(
            name='StockCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(blank=True, editable=False, max_length=32, verbose_name='number')),
                ('ref', models.UUIDField(db_default=backoffice.documents.models.OrderedId(), editable=False, unique=True, verbose_name='reference')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='entered at')),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='changed at')),
                ('state', backoffice.core.flow.StateField(choices=[('counting', 'Counting'), ('submitted', 'Waiting for approval'), ('posted', 'Posted'), ('void', 'Discarded')], default='counting', editable=False, max_length=16, verbose_name='state')),
                ('counted_on', models.DateField(verbose_name='counted on')),
                ('text', models.CharField(blank=True, max_length=120, verbose_name='what is counted')),
                ('changed_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='last changed by')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.company', verbose_name='company')),
                ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('entry', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.journalentry', verbose_name='journal entry')),
            ],
            options={
                'verbose_name': 'stock count',
                'verbose_name_plural': 'stock counts',
                'ordering': ['-counted_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='CountLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField(verbose_name='line')),
                ('counted', inventory.stock.models.fields.Quantity(blank=True, decimal_places=6, max_digits=18, null=True, verbose_name='counted')),
                ('booked', inventory.stock.models.fields.Quantity(decimal_places=6, editable=False, max_digits=18, null=True, verbose_name='in the books')),
                ('reason', models.CharField(blank=True, choices=[('miscount', 'Counted wrong before'), ('lost', 'Lost'), ('damaged', 'Damaged'), ('found', 'Found')], max_length=8, verbose_name='reason')),
                ('value', finance.ledger.models.Amount(decimal_places=4, default=0, editable=False, max_digits=20, verbose_name='value of the difference')),
                ('bin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.bin', verbose_name='bin')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.item', verbose_name='item')),
                ('count', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='stock.stockcount', verbose_name='count')),
            ],
            options={
                'verbose_name': 'count line',
                'verbose_name_plural': 'count lines',
                'ordering': ['count', 'place'],
            },
        ),
        migrations.CreateModel(
            name='StockTransfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(blank=True, editable=False, max_length=32, verbose_name='number')),
                ('ref', models.UUIDField(db_default=backoffice.documents.models.OrderedId(), editable=False, unique=True, verbose_name='reference')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='entered at')),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='changed at')),
                ('state', backoffice.core.flow.StateField(choices=[('draft', 'Draft'), ('done', 'Moved'), ('void', 'Discarded')], default='draft', editable=False, max_length=16, verbose_name='state')),
                ('moved_on', models.DateField(verbose_name='moved on')),
                ('changed_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='last changed by')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.company', verbose_name='company')),
                ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
            ],
            options={
                'verbose_name': 'stock transfer',
                'verbose_name_plural': 'stock transfers',
                'ordering': ['-moved_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='SupplierReturn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(blank=True, editable=False, max_length=32, verbose_name='number')),
                ('ref', models.UUIDField(db_default=backoffice.documents.models.OrderedId(), editable=False, unique=True, verbose_name='reference')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='entered at')),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='changed at')),
                ('state', backoffice.core.flow.StateField(choices=[('draft', 'Draft'), ('posted', 'Sent back'), ('void', 'Discarded')], default='draft', editable=False, max_length=16, verbose_name='state')),
                ('kind', models.CharField(choices=[('return', 'Sent back to the supplier'), ('correction', 'Never came: the receipt was wrong')], default='return', max_length=10, verbose_name='kind')),
                ('returned_on', models.DateField(verbose_name='sent back on')),
                ('reason', models.CharField(max_length=120, verbose_name='why')),
                ('changed_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='last changed by')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.company', verbose_name='company')),
                ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('entry', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.journalentry', verbose_name='journal entry')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.party', verbose_name='supplier')),
            ],
            options={
                'verbose_name': 'return to supplier',
                'verbose_name_plural': 'returns to suppliers',
                'ordering': ['-returned_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ReturnLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField(verbose_name='line')),
                ('quantity', inventory.stock.models.fields.Quantity(decimal_places=6, max_digits=18, verbose_name='quantity')),
                ('value', finance.ledger.models.Amount(decimal_places=4, default=0, editable=False, max_digits=20, verbose_name='value')),
                ('bin', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.bin', verbose_name='bin')),
                ('receipt_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='return_lines', to='stock.receiptline', verbose_name='came as')),
                ('supplier_return', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='stock.supplierreturn', verbose_name='return')),
            ],
            options={
                'verbose_name': 'return line',
                'verbose_name_plural': 'return lines',
                'ordering': ['supplier_return', 'place'],
            },
        ),
        migrations.CreateModel(
            name='TransferLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField(verbose_name='line')),
                ('quantity', inventory.stock.models.fields.Quantity(decimal_places=6, max_digits=18, verbose_name='quantity')),
                ('from_bin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.bin', verbose_name='from')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.item', verbose_name='item')),
                ('to_bin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.bin', verbose_name='to')),
                ('transfer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='stock.stocktransfer', verbose_name='transfer')),
            ],
            options={
                'verbose_name': 'transfer line',
                'verbose_name_plural': 'transfer lines',
                'ordering': ['transfer', 'place'],
            },
        ),
        migrations.CreateModel(
            name='Warehouse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=12, verbose_name='code')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('street', models.CharField(blank=True, max_length=120, verbose_name='street')),
                ('postcode', models.CharField(blank=True, max_length=12, verbose_name='postcode')),
                ('city', models.CharField(blank=True, max_length=60, verbose_name='city')),
                ('allows_negative', models.BooleanField(default=False, help_text='What is issued uncovered takes the last known cost', verbose_name='may go below nought')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='warehouses', to='organisation.company', verbose_name='company')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.department', verbose_name='department')),
            ],
            options={
                'verbose_name': 'warehouse',
                'verbose_name_plural': 'warehouses',
                'ordering': ['company', 'code'],
            },
        ),
        migrations.AddField(
            model_name='supplierreturn',
            name='warehouse',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.warehouse', verbose_name='warehouse'),
        ),
        migrations.AddField(
            model_name='stocktransfer',
            name='warehouse',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.warehouse', verbose_name='from the warehouse'),
        ),
        migrations.AddField(
            model_name='stockcount',
            name='warehouse',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.warehouse', verbose_name='warehouse'),
        ),
        migrations.AddField(
            model_name='goodsreceipt',
            name='warehouse',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.warehouse', verbose_name='warehouse'),
        ),
        migrations.AddField(
            model_name='goodsissue',
            name='warehouse',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.warehouse', verbose_name='warehouse'),
        ),
        migrations.AddField(
            model_name='expected',
            name='warehouse',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='expected', to='stock.warehouse', verbose_name='warehouse'),
        ),
        migrations.AddField(
            model_name='bin',
            name='warehouse',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bins', to='stock.warehouse', verbose_name='warehouse'),
        ),
        migrations.CreateModel(
            name='IssueCost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', inventory.stock.models.fields.Quantity(decimal_places=6, max_digits=18, verbose_name='quantity')),
                ('value', finance.ledger.models.Amount(decimal_places=4, default=0, max_digits=20, verbose_name='value')),
                ('epoch', models.PositiveIntegerField(default=0, verbose_name='epoch')),
                ('kept_before', models.FloatField(default=0, verbose_name='logarithm of what was kept before')),
                ('share', models.FloatField(default=0, verbose_name='share of what lay there')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account', verbose_name='account that paid')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.company', verbose_name='company')),
                ('cost_centre', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.costcentre', verbose_name='cost centre')),
                ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.item', verbose_name='item')),
                ('move', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='taken', to='stock.stockmove', verbose_name='move')),
                ('layer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='taken', to='stock.costlayer', verbose_name='from the layer')),
            ],
            options={
                'verbose_name': 'cost of an issue',
                'verbose_name_plural': 'costs of issues',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='CostEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('move', 'With a move'), ('late', 'Cost learnt later')], default='move', max_length=4, verbose_name='kind')),
                ('quantity', inventory.stock.models.fields.Quantity(decimal_places=6, default=0, max_digits=18, verbose_name='quantity')),
                ('amount', finance.ledger.models.Amount(decimal_places=4, default=0, max_digits=20, verbose_name='amount')),
                ('on', models.DateField(db_column='cost_on', verbose_name='on')),
                ('place', models.PositiveSmallIntegerField(verbose_name='line of the entry')),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account', verbose_name='account')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.company', verbose_name='company')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.journalentry', verbose_name='journal entry')),
                ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='cost_entries', to='catalogue.item', verbose_name='item')),
                ('move', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cost_entries', to='stock.stockmove', verbose_name='move')),
                ('layer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cost_entries', to='stock.costlayer', verbose_name='layer')),
            ],
            options={
                'verbose_name': 'cost entry',
                'verbose_name_plural': 'cost entries',
                'ordering': ['id'],
            },
        ),
        migrations.AddIndex(
            model_name='stockmove',
            index=models.Index(fields=['item', '-id'], name='stock_stock_item_id_08f4a5_idx'),
        ),
        migrations.AddIndex(
            model_name='stockmove',
            index=models.Index(fields=['company', '-id'], name='stock_stock_company_a60956_idx'),
        ),
        migrations.AddIndex(
            model_name='stockmove',
            index=models.Index(fields=['item', 'on'], name='stock_stock_item_id_865081_idx'),
        ),
        migrations.AddIndex(
            model_name='stockmove',
            index=models.Index(fields=['origin_type', 'origin_id'], name='stock_stock_origin__656839_idx'),
        ),
        migrations.AddConstraint(
            model_name='stockmove',
            constraint=models.CheckConstraint(condition=models.Q(('quantity', 0), _negated=True), name='move_moves_something'),
        ),
        migrations.AddConstraint(
            model_name='stockmove',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['receipt', 'return', 'issue', 'back', 'transfer', 'count', 'opening'])), name='move_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='issueline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='issue_line_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='onhand',
            constraint=models.UniqueConstraint(fields=('item', 'bin'), name='on_hand_once_an_item_and_bin'),
        ),
        migrations.AddConstraint(
            model_name='position',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('quantity', 0), _negated=True), ('value', 0), _connector='OR'), name='position_of_nothing_is_worth_nothing'),
        ),
        migrations.AddConstraint(
            model_name='receiptline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 0), ('rejected__gte', 0), ('returned__gte', 0), ('unit_cost__gte', 0)), name='receipt_line_quantities_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='receiptline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0), ('rejected__gt', 0), _connector='OR'), name='receipt_line_says_something'),
        ),
        migrations.AddConstraint(
            model_name='receiptline',
            constraint=models.CheckConstraint(condition=models.Q(('rejected', 0), models.Q(('reason', ''), _negated=True), _connector='OR'), name='receipt_line_refused_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='receiptline',
            constraint=models.CheckConstraint(condition=models.Q(('returned__lte', models.F('quantity'))), name='receipt_line_returns_what_came'),
        ),
        migrations.AddConstraint(
            model_name='countline',
            constraint=models.UniqueConstraint(fields=('count', 'item', 'bin'), name='count_line_once_an_item_and_bin'),
        ),
        migrations.AddConstraint(
            model_name='countline',
            constraint=models.CheckConstraint(condition=models.Q(('counted__gte', 0)), name='count_line_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='returnline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='return_line_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='transferline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='transfer_line_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='transferline',
            constraint=models.CheckConstraint(condition=models.Q(('from_bin', models.F('to_bin')), _negated=True), name='transfer_line_goes_somewhere'),
        ),
        migrations.AddConstraint(
            model_name='warehouse',
            constraint=models.UniqueConstraint(fields=('company', 'code'), name='warehouse_code_once_a_company'),
        ),
        migrations.AddIndex(
            model_name='supplierreturn',
            index=models.Index(fields=['company', '-returned_on', '-id'], name='stock_suppl_company_c14271_idx'),
        ),
        migrations.AddConstraint(
            model_name='supplierreturn',
            constraint=models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('company', 'number'), name='return_number_once'),
        ),
        migrations.AddConstraint(
            model_name='supplierreturn',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'posted', 'void'])), name='return_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='supplierreturn',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='return_says_why'),
        ),
        migrations.AddConstraint(
            model_name='supplierreturn',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['return', 'correction'])), name='return_kind_is_known'),
        ),
        migrations.AddIndex(
            model_name='stocktransfer',
            index=models.Index(fields=['company', '-moved_on', '-id'], name='stock_stock_company_cbc28a_idx'),
        ),
        migrations.AddConstraint(
            model_name='stocktransfer',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'done', 'void'])), name='transfer_state_is_known'),
        ),
        migrations.AddIndex(
            model_name='stockcount',
            index=models.Index(fields=['company', '-counted_on', '-id'], name='stock_stock_company_6b747d_idx'),
        ),
        migrations.AddConstraint(
            model_name='stockcount',
            constraint=models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('company', 'number'), name='count_number_once'),
        ),
        migrations.AddConstraint(
            model_name='stockcount',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['counting', 'submitted', 'posted', 'void'])), name='count_state_is_known'),
        ),
        migrations.AddIndex(
            model_name='goodsreceipt',
            index=models.Index(fields=['company', '-received_on', '-id'], name='stock_goods_company_2b3382_idx'),
        ),
        migrations.AddIndex(
            model_name='goodsreceipt',
            index=models.Index(fields=['party'], name='stock_goods_party_i_e57d07_idx'),
        ),
        migrations.AddConstraint(
            model_name='goodsreceipt',
            constraint=models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('company', 'number'), name='receipt_number_once'),
        ),
        migrations.AddConstraint(
            model_name='goodsreceipt',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'posted', 'void'])), name='receipt_state_is_known'),
        ),
        migrations.AddIndex(
            model_name='goodsissue',
            index=models.Index(fields=['company', '-issued_on', '-id'], name='stock_goods_company_f3f982_idx'),
        ),
        migrations.AddConstraint(
            model_name='goodsissue',
            constraint=models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('company', 'number'), name='issue_number_once'),
        ),
        migrations.AddConstraint(
            model_name='goodsissue',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'posted', 'taken_back', 'void'])), name='issue_state_is_known'),
        ),
        migrations.AddIndex(
            model_name='expected',
            index=models.Index(condition=models.Q(('is_cancelled', False)), fields=['company', 'warehouse', 'due_on'], name='expected_by_warehouse'),
        ),
        migrations.AddIndex(
            model_name='expected',
            index=models.Index(condition=models.Q(('is_cancelled', False)), fields=['item'], name='expected_by_item'),
        ),
        migrations.AddIndex(
            model_name='expected',
            index=models.Index(fields=['origin_type', 'origin_id'], name='stock_expec_origin__8237f3_idx'),
        ),
        migrations.AddConstraint(
            model_name='expected',
            constraint=models.UniqueConstraint(fields=('origin_type', 'origin_line'), name='expected_once_an_order_line'),
        ),
        migrations.AddConstraint(
            model_name='expected',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='expected_quantity_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='expected',
            constraint=models.CheckConstraint(condition=models.Q(('received__gte', 0), ('rejected__gte', 0), ('unit_cost__gte', 0)), name='expected_sums_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='expected',
            constraint=models.CheckConstraint(condition=models.Q(('received__lte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('quantity'), '*', django.db.models.expressions.CombinedExpression(models.Value(100), '+', models.F('over_percent'))), '/', models.Value(100)))), name='expected_not_over_received'),
        ),
        migrations.AddConstraint(
            model_name='bin',
            constraint=models.UniqueConstraint(fields=('warehouse', 'code'), name='bin_code_once_a_warehouse'),
        ),
        migrations.AddConstraint(
            model_name='bin',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['storage', 'receiving', 'quarantine'])), name='bin_kind_is_known'),
        ),
        migrations.AddIndex(
            model_name='issuecost',
            index=models.Index(fields=['item', 'epoch', 'id'], name='stock_issue_item_id_06050b_idx'),
        ),
        migrations.AddIndex(
            model_name='costlayer',
            index=models.Index(condition=models.Q(('remaining__gt', 0)), fields=['item', 'move'], name='cost_layer_open'),
        ),
        migrations.AddConstraint(
            model_name='costlayer',
            constraint=models.CheckConstraint(condition=models.Q(('remaining__gte', 0), ('remaining__lte', models.F('received'))), name='layer_keeps_no_more_than_came'),
        ),
        migrations.AddIndex(
            model_name='costentry',
            index=models.Index(fields=['item', 'on'], name='stock_coste_item_id_cceede_idx'),
        ),
        migrations.AddIndex(
            model_name='costentry',
            index=models.Index(fields=['company', 'account', 'on'], name='stock_coste_company_e88deb_idx'),
        ),
        migrations.AddConstraint(
            model_name='costentry',
            constraint=models.UniqueConstraint(fields=('entry', 'place'), name='cost_entry_once_a_ledger_line'),
        ),
        migrations.AddConstraint(
            model_name='costentry',
            constraint=models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='cost_entry_moves_value'),
        ),
        run_sql(__file__, "guards"),
    ]
