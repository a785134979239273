"""The launcher: what it installs, starts, says and leaves behind."""
