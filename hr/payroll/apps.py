from django.apps import AppConfig


class PayrollConfig(AppConfig):
    name = "hr.payroll"
    label = "payroll"
    verbose_name = "Payroll"
