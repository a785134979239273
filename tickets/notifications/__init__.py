"""Who is told of what, and how the words leave: the audience, the outbox, the mails."""
