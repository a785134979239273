"""File a ticket, then follow it until the vendor asks something or delivers.

HELPDESK_URL=https://support.example HELPDESK_TOKEN=hd_… python api_example.py
"""

import os
import time
import uuid

import httpx

WAIT = float(os.environ.get("HELPDESK_POLL_SECONDS", "60"))


def file_ticket(api: httpx.Client) -> int:
    """File an anomaly under the first contract that the token's person may file for; return its number."""
    contract = api.get("me").raise_for_status().json()["may_file"][0]
    anomaly = {
        "contract": contract,
        "title": "L’export comptable s’arrête à mi-chemin",
        "description": "Le fichier produit est **vide** au-delà de 1 000 lignes.",
        "severity": "majeure",
    }
    # Sent again under the same key after a broken connection, it is not filed twice.
    answer = api.post("tickets", json=anomaly, headers={"Idempotency-Key": str(uuid.uuid4())})
    if answer.is_error:
        problem = answer.json()
        raise SystemExit(f"{problem['title']} ({problem['rule']}): {problem['detail']}")
    ticket = answer.json()
    print(f"#{ticket['number']}, due {ticket['clocks']['acknowledge']['due_at']}", flush=True)
    return int(ticket["number"])


def follow(api: httpx.Client, number: int) -> None:
    """Say each fact of the ticket as it comes, until the client is expected to act."""
    seen, etag = 0, ""
    while True:
        answer = api.get(f"tickets/{number}", headers={"If-None-Match": etag} if etag else {})
        if answer.status_code != httpx.codes.NOT_MODIFIED:
            etag = answer.raise_for_status().headers["ETag"]
            for fact in api.get(f"tickets/{number}/ledger", params={"limit": 100}).json()["results"]:
                if fact["seq"] > seen:
                    seen = fact["seq"]
                    print(f"{fact['occurred_at']} {fact['title']}", flush=True)
            if answer.json()["turn"] != "vendor":
                return
        time.sleep(WAIT)


if __name__ == "__main__":
    headers = {"Authorization": f"Bearer {os.environ['HELPDESK_TOKEN']}"}
    with httpx.Client(base_url=f"{os.environ['HELPDESK_URL']}/api/v1/", headers=headers) as client:
        follow(client, file_ticket(client))
