"""Equipment that people hold: from the received order line to its return.

Words: asset, hand-over, label.
"""
