"""Prints, as JSON, what each codec that is named makes of every character of the Basic Multilingual Plane: {codec: {code point: hex}}."""

import json
import sys

tables = {}
for name in sys.argv[1:]:
    table = {}
    for code in range(0x80, 0x10000):
        if 0xD800 <= code < 0xE000:
            continue
        try:
            table[code] = chr(code).encode(name).hex()
        except UnicodeEncodeError:
            pass
    tables[name] = table
json.dump(tables, sys.stdout)
