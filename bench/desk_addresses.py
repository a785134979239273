"""The addresses that the benchmark of the desk reads."""

# What is measured: its name, its target (ms at the median, one request at a time), the address.
READ_BY_AN_AGENT = (
    ("queue page", 25, "/queue/"),
    ("queue, two filters", 25, "/queue/?client={client}&severity=majeure"),
    ("ticket page, 20 messages", 25, "/tickets/{ticket}/"),
    ("search, a word of 2,000 tickets", 50, "/queue/?q={word}&state=all"),
    ("search among the open ones", 50, "/queue/?q={word}"),
    *(
        (f"API, tickets by {order}", 50, f"/api/v1/tickets?order={order}")
        for order in ("-number", "received_at", "-received_at", "next_due_at", "-last_entry_at")
    ),
    ("API, tickets changed since", 50, "/api/v1/tickets?changed_since={lately}"),
    ("API, one ticket", 50, "/api/v1/tickets/{ticket}"),
)
READ_BY_A_CLIENT = (
    ("a client's own list", 50, "/portal/"),
    ("a client's search", 50, "/portal/?q={word}&view=all"),
    ("similar tickets while filing", 50, "/file/similar/?title=Export+comptable+bloqu%C3%A9"),
)
