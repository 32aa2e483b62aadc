"""Entering a unit from a file: what it may say (`description`), what differs from the log (`differences`), what each
gateway needs to know (`gateways`); and the same from CSV and Excel lists (`paper`).
"""
