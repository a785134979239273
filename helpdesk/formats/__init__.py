"""How each language writes a date where Django's own way does not suit."""
