"""The kit of screens: lists, documents, forms, verbs and imports, drawn once for all apps.

Words: screen, table, column, panel, draft, saved view, palette, slot of the menu.
"""
