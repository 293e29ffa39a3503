"""The network between a broker and everything else: how far apart they are."""
