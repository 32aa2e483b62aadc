"""Paper for the night when nothing works: each evening an encrypted list for each patrol goes to a place outside of the
system, and its arrival is checked. From SQL alone: it needs no NATS, no gateway, no screen.

- `dividing.py`, `lists.py`: which home stands in whose list, and what a line says; pure
- `opened.py`: names, addresses and codes opened with the key ring
- `words.py`, `page.py`, `table.py`: in Swedish or English, as PDF and as CSV
- `sealing.py`, `passwords.py`: one encrypted file
- `places/`: where it goes, and whether it has arrived
- `steps.py`: what is to be done next, by what is on record (`services.tillsyn.paper`); pure
- `making.py`, `delivering.py`, `rounds.py`: doing it, each evening
- `printing.py`: to a printer
"""
