"""What lies where and what it is worth: moves, cost layers and cost entries, receipts, issues, counts.

Words: warehouse, bin, stock move, cost layer, cost entry, goods receipt, issue, count.
"""
