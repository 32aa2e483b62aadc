"""Paper nights: a unit's own lists (CSV or Excel) read as a `Description`, and entered as one.

`tables` says which lists and columns there are; `reading` takes cells out of files and `values` understands them;
`rows`, `checks` and `assembling` make a description of them, or every problem with its row; `references` remembers by
which of the municipality's numbers each thing is known; `importing` does it all in order, and `ready` enters what
nothing stands against.
"""
