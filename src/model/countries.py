#!/usr/bin/env python3
"""Writes the table of ISO 3166-1 country names from Debian's iso-codes as a C header: one slot per letter pair."""
import json
import sys

SOURCE = "/usr/share/iso-codes/json/iso_3166-1.json"
USER_ASSIGNED = {"EU": "European Union", "XK": "Kosovo"}


def names():
    try:
        with open(SOURCE, encoding="utf-8") as file:
            countries = json.load(file)["3166-1"]
    except OSError as error:
        sys.exit(f"{SOURCE}: {error.strerror}; install the package iso-codes")
    table = {c["alpha_2"]: c.get("common_name", c["name"]) for c in countries}
    table.update(USER_ASSIGNED)
    return table


def c_string(text):
    """A C literal in UTF-8; hexadecimal escapes are closed so that a following digit does not join them."""
    return '"' + "".join(chr(b) if 32 <= b < 127 and b not in b'"\\' else f'\\x{b:02x}""' for b in text.encode()) + '"'


def main():
    table = names()
    with open(sys.argv[1], "w", encoding="ascii") as out:
        out.write("/* Made from Debian's iso-codes by countries.py: index is 26 * first letter + second letter. */\n")
        out.write("static const char *const country_names[26 * 26] = {\n")
        for code in sorted(table):
            slot = 26 * (ord(code[0]) - ord("A")) + ord(code[1]) - ord("A")
            out.write(f"    [{slot}] = {c_string(table[code])}, /* {code} */\n")
        out.write("};\n")


main()
