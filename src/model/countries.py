#!/usr/bin/env python3
"""Writes the table of ISO 3166-1 country codes from Debian's iso-codes as a C header: one slot per letter pair."""
import json
import sys

SOURCE = "/usr/share/iso-codes/json/iso_3166-1.json"
USER_ASSIGNED = {"EU", "XK"}


def codes():
    try:
        with open(SOURCE, encoding="utf-8") as file:
            return USER_ASSIGNED | {c["alpha_2"] for c in json.load(file)["3166-1"]}
    except OSError as error:
        sys.exit(f"{SOURCE}: {error.strerror}; install the package iso-codes")


def main():
    with open(sys.argv[1], "w", encoding="ascii") as out:
        out.write("/* Made from Debian's iso-codes by countries.py: index is 26 * first letter + second letter. */\n")
        out.write("static const bool countries_known[26 * 26] = {\n")
        for code in sorted(codes()):
            slot = 26 * (ord(code[0]) - ord("A")) + ord(code[1]) - ord("A")
            out.write(f"    [{slot}] = true, /* {code} */\n")
        out.write("};\n")


main()
