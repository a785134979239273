"""The pages of the public price lists: read by everybody, drafted and published by the support managers (C-OUT-4)."""
