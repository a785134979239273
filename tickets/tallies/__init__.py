"""Outcomes summed up: what is counted on which day, what is kept by day and by month, how it is read and made again."""
