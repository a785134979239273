"""A client's whole export: prepared in the background, followed and downloaded from a page."""
