import backoffice.core.encryption
import backoffice.core.flow
import backoffice.documents.models
import django.db.models.deletion
import django.db.models.functions.datetime
import finance.ledger.models
from django.conf import settings
from django.db import migrations, models

from backoffice.core.sqlfiles import run_sql


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0001_initial'),
        ('ledger', '0001_initial'),
        ('organisation', '0001_initial'),
        ('parties', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BankAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('holder', models.CharField(max_length=70, verbose_name='account holder')),
                ('iban', backoffice.core.encryption.EncryptedField(verbose_name='IBAN')),
                ('ending', models.CharField(editable=False, max_length=4, verbose_name='ends in')),
                ('bic', models.CharField(blank=True, max_length=11, verbose_name='BIC')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='bank_account', to='ledger.account', verbose_name='account in the books')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bank_accounts', to='organisation.company', verbose_name='company')),
            ],
            options={
                'verbose_name': 'bank account',
                'verbose_name_plural': 'bank accounts',
                'ordering': ['company', 'name'],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField(verbose_name='line')),
                ('payee', models.CharField(editable=False, max_length=60)),
                ('creditor', models.CharField(max_length=70, verbose_name='to')),
                ('iban', backoffice.core.encryption.EncryptedField(verbose_name='IBAN')),
                ('ending', models.CharField(editable=False, max_length=4, verbose_name='account ends in')),
                ('fingerprint', models.CharField(editable=False, max_length=64)),
                ('bic', models.CharField(blank=True, max_length=11, verbose_name='BIC')),
                ('amount', finance.ledger.models.Amount(decimal_places=4, default=0, max_digits=20, verbose_name='amount')),
                ('text', models.CharField(max_length=140, verbose_name='reference')),
                ('released_digest', models.CharField(blank=True, editable=False, max_length=64)),
                ('taken_out_at', models.DateTimeField(editable=False, null=True, verbose_name='taken out at')),
                ('taken_out_because', models.CharField(blank=True, editable=False, max_length=140, verbose_name='why')),
                ('party', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='parties.party', verbose_name='party')),
                ('taken_out_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken out by')),
            ],
            options={
                'verbose_name': 'payment',
                'verbose_name_plural': 'payments',
                'ordering': ['run', 'place'],
            },
        ),
        migrations.CreateModel(
            name='PaymentItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(editable=False, max_length=40)),
                ('text', models.CharField(max_length=140, verbose_name='what')),
                ('href', models.CharField(blank=True, editable=False, max_length=200)),
                ('due_on', models.DateField(verbose_name='due')),
                ('amount', finance.ledger.models.Amount(decimal_places=4, default=0, max_digits=20, verbose_name='amount')),
                ('open_item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payment_items', to='ledger.openitem', verbose_name='open item')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='banking.payment', verbose_name='payment')),
            ],
            options={
                'verbose_name': 'paid item',
                'verbose_name_plural': 'paid items',
                'ordering': ['payment', 'due_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='PaymentRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(blank=True, editable=False, max_length=32, verbose_name='number')),
                ('ref', models.UUIDField(db_default=backoffice.documents.models.OrderedId(), editable=False, unique=True, verbose_name='reference')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='entered at')),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='changed at')),
                ('state', backoffice.core.flow.StateField(choices=[('proposed', 'Proposed'), ('released', 'Released'), ('exported', 'Sent to the bank'), ('cancelled', 'Cancelled')], default='proposed', editable=False, max_length=16, verbose_name='state')),
                ('source', models.CharField(max_length=20, verbose_name='pays')),
                ('pay_on', models.DateField(verbose_name='pay on')),
                ('due_until', models.DateField(verbose_name='due until')),
                ('total', finance.ledger.models.Amount(decimal_places=4, default=0, editable=False, max_digits=20, verbose_name='total')),
                ('left_out', models.JSONField(default=list, editable=False, verbose_name='left out')),
                ('bank_account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='banking.bankaccount', verbose_name='from')),
                ('changed_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='last changed by')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.company', verbose_name='company')),
                ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('entry', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.journalentry', verbose_name='journal entry')),
                ('released_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='released by')),
            ],
            options={
                'verbose_name': 'payment run',
                'verbose_name_plural': 'payment runs',
                'ordering': ['-pay_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='PaymentFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='file name')),
                ('content', backoffice.core.encryption.EncryptedField(verbose_name='content')),
                ('size', models.PositiveIntegerField(verbose_name='bytes')),
                ('digest', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='made at')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('run', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='file', to='banking.paymentrun', verbose_name='payment run')),
            ],
            options={
                'verbose_name': 'payment file',
                'verbose_name_plural': 'payment files',
                'ordering': ['-id'],
            },
        ),
        migrations.AddField(
            model_name='payment',
            name='run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='payments', to='banking.paymentrun', verbose_name='payment run'),
        ),
        migrations.AddConstraint(
            model_name='bankaccount',
            constraint=models.UniqueConstraint(fields=('company', 'name'), name='own_bank_account_name_once_a_company'),
        ),
        migrations.AddConstraint(
            model_name='bankaccount',
            constraint=models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='own_bank_account_currency_is_iso'),
        ),
        migrations.AddIndex(
            model_name='paymentitem',
            index=models.Index(fields=['key'], name='banking_pay_key_735efd_idx'),
        ),
        migrations.AddConstraint(
            model_name='paymentitem',
            constraint=models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='paid_item_is_something'),
        ),
        migrations.AddConstraint(
            model_name='paymentitem',
            constraint=models.UniqueConstraint(models.F('payment'), models.F('key'), name='paid_item_once_a_payment'),
        ),
        migrations.AddIndex(
            model_name='paymentrun',
            index=models.Index(fields=['company', '-pay_on', '-id'], name='banking_pay_company_f89c7c_idx'),
        ),
        migrations.AddConstraint(
            model_name='paymentrun',
            constraint=models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('company', 'number'), name='run_number_once'),
        ),
        migrations.AddConstraint(
            model_name='paymentrun',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'released', 'exported', 'cancelled'])), name='run_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payment_pays_something'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(fields=('run', 'payee'), name='payment_once_a_payee_and_run'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('taken_out_at', None), ('taken_out_because', ''), ('taken_out_by', None)), models.Q(('taken_out_at__isnull', False), ('taken_out_by__isnull', False), models.Q(('taken_out_because', ''), _negated=True)), _connector='OR'), name='payment_taken_out_by_somebody_for_a_reason'),
        ),
        run_sql(__file__, "guards"),
    ]
