"""The REST kit: endpoints with the same rights, verbs and refusals as the screens.

Words: endpoint, token, answer kept (the first answer to a request that is sent twice).
"""
