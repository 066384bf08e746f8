"""Files that come in: kept as they are, read by whoever knows their kind, nothing lost.

Words: upload, reader.
"""
