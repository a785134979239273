"""The delay statement of a ticket (relevé de délai): on screen, printed, and as JSON that proves itself."""
