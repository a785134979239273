"""The access table: every way in × every role × four clients, two of which are twins by prefix."""
