"""What all documents share: number, version, people and dates, attachments and comments.

Words: document, attachment, comment.
"""
