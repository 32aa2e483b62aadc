"""Write the generated documents, or check that they are fresh."""

import json
import sys

from events.catalogue import asyncapi, page, write_or_check
from events.types import REGISTRY

if __name__ == "__main__":
    documents = {
        "docs/events.md": page(REGISTRY),
        "docs/asyncapi.json": json.dumps(asyncapi(REGISTRY), indent=2, ensure_ascii=False) + "\n",
    }
    sys.exit(write_or_check(documents, "python -m events.catalogue", sys.argv[1:]))
