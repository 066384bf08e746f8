"""ITSM: equipment, the service desk and changes."""
