"""The rules of night, recipient, home and visit, as told by their deciders: tables first, then random nights."""
