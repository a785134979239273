"""Lists as files: streamed at once, made in the background when they are long, or sent by mail every week or month."""
