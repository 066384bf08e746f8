"""Currencies of ISO 4217 and their dated exchange rates.

Words: currency, rate.
"""
