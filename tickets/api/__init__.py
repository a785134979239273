"""The API under /api/v1/: all that the pages can do, with the same permissions, forms and refusals."""
