"""YAML files that a job loads with load_yaml(): name to text."""

# Each is one value for all. Lists below a key that begins with "set" have no order.
GOOD = {
    "words": "[yes, Yes, YES, no, on, Off, true, FALSE, ~, null, Null, y, N, nUll, yEs, '', 'yes', \"no\", '~']",
    "empty": "",
    "comment": "# nothing but this\n",
    "integers": "[0, -0, 12, +12, -1_000, 0b1010, -0b11, 017, 0_17, 0o17, 08, 0x1F, -0xff_ff, 190:20:30, -1:30, 1:60,"
    " 18446744073709551615, -9223372036854775808]",
    "floats": "[1., 1.5, -0.0, .5, -.5, 1e5, 1.5e5, 1.5e+5, 1.E-3, 6.8523015e+5, 685_230.15, 190:20:30.15, 1.5e-400,"
    " 1e16, 0.1, 123456789012345678.0, 1.2.3, ._5]",
    "timestamps": """
- 2001-12-14
- 2001-1-1
- 2001-12-14t21:59:43.10-05:00
- 2001-12-14 21:59:43.10 -5
- 2001-12-15 2:59:43.1
- 2001-12-15T02:59:43Z
- 2001-12-15T02:59:43.1234567+05:30
- 2001-12-15T02:59:43
- 2001-12-15T02:59
- '2001-12-14'
- 2000-02-29
- 9999-12-31T23:59:59.999999Z
- 12:30:45
""",
    "tags": """
- !!str 12
- !!str 2001-12-14
- !!str
- !!int '0x1F'
- !!int "  12 "
- !!float 3
- !!float 1e5
- !!bool 'ON'
- !!null anything
- !!timestamp '2001-1-2'
- ! '12'
- !<tag:yaml.org,2002:int> '7'
- !!seq [a]
- !!map {a: b}
- !!str {=: text, other: 1}
- !!binary aGVsbG8=
- !!binary |
  aGVsbG8gd29ybGQs
  IGhlbGxvIGFnYWlu
- !!binary 4oKs/+KC
- !!binary ''
""",
    "directive": "%YAML 1.1\n%TAG !e! tag:yaml.org,2002:\n---\n- !e!int '7'\n- !e!str 7\n...\n",
    "collections": """
set of one: !!set {a}
sets: !!set {a, 1, 2001-12-14, ~, 1.5, 'yes', yes}
set in lines: !!set
  ? a
  ? b
  ? a
omap: !!omap [b: 1, a: [2, 3], b: {c: d}]
pairs: !!pairs
- a: 1
- a: 2001-12-14
- [x, y]: z
none: !!omap []
""",
    "keys": """
1: integer
1.5: float
1e3: text
1000.0: float again
10000000000000000.0: large
0.00001: small
yes: word
~: null
2001-12-14: date
2001-12-14T21:59:43Z: time
!!binary 4oKs/w==: bytes
=: equals
'<<': quoted
'': empty
? complex
: value
""",
    "equal keys": """
last: {a: 1, b: 2, a: 3}
numbers: {1: a, 1.0: b, yes: c, true: d}
zero: {0: a, -0.0: b, no: c}
names: {1: a, '1': b}
instants: {2001-12-14T00:00:00Z: a, 2001-12-14T01:00:00+01:00: b, 2001-12-14T00:00:00: c, 2001-12-14: d}
bytes: {a: 1, !!binary YQ==: 2}
""",
    "aliases": """
scalar: &number 12
list: &list [1, &inner {a: *number}]
again: [*list, *inner, *number]
*number : as a key
""",
    "merges": """
defaults: &defaults
  adapter: postgres
  host: localhost
  ports: [5432, 5433]
port: &port {number: 5432}
development:
  database: app
  <<: *defaults
  host: elsewhere
test:
  host: first
  <<: [*defaults, *port]
deep: {<<: {<<: {one: 1, two: 2}, two: 3}, four: 4}
twice: {<<: *port, <<: {other: 1}}
set: !!set {<<: *port, b}
""",
    "blocks": """
literal: |
  #!/bin/sh
    indented
  echo "a: b"  # no comment

folded: >
  folded text
  goes on

  after a break
    more indented
  back
strip: |-
  no break

keep: |+
  breaks

number: |2
    two more
tabs: |
  x	y
empty: |
date: >-
  2001-12-14
""",
    "quoted": r"""
double: "a \"b\" \u263A \x41 \U0001F600 \t\n\\\0\e\_\N\L \
  continued
  folded"
single: 'it''s
  folded

  here'
'quoted key': 1
"12": 2
plain: several words
  on lines, with # and : in them
url: http://example.com:80/a?b=c#d
""",
    "unicode": "日本: 語\nemoji: 😀\nnext line: 'a\u0085b'\nseparator: \"a\u2028b\"\nspace: a\u00a0b\ncombined: e\u0301\n",
    "byte order mark": "\ufeffa: 1\n",
    "windows": "a: 1\r\nb: |\r\n  one\r\n  two\r\nc: 'x\r\n  y'\r\n",
    "nested": """
- - - deep
    - more
  - x
- key: value
  other:
  - at the same column
  -
    - nested
- {a: [1, 2, {b: c}], "d": e, ? f : g, h}
- [a, [b, c], {d: e}, f: g, ]
- []
- {}
-
- ? plain
""",
    "levels": "[" * 48 + "]" * 48,
}

# Neither loads these, or neither can have them in a result.
BAD = {
    "open list": "a: [1,\n  2\nb: c\n",
    "no key": "a: b: c",
    "tab": "\t- a",
    "two documents": "a\n---\nb\n",
    "unknown tag": "- 1\n- !thing {a: 1}\n",
    "python tag": "!!python/tuple [a]",
    "no anchor": "a: *none",
    "two anchors": "[&a 1, &a 2]",
    "list as key": "{[a]: 1}",
    "map as key": "? {a: b}\n: 1\n",
    "equals": "- =",
    "merge alone": "- <<",
    "merge of a scalar": "{<<: 1}",
    "merge of scalars": "{<<: [1]}",
    "no such day": "2001-02-29",
    "no such hour": "2001-12-15T24:00:00",
    "no integer": "!!int two",
    "no binary digits": "0b_",
    "no float": "!!float two",
    "no bool": "!!bool 2",
    "no date": "!!timestamp soon",
    "half of base64": "!!binary YQ=",
    "base64 beyond ASCII": "!!binary é",
    "list as text": "!!str [a]",
    "map as list": "!!seq {a: b}",
    "list as map": "!!map [a]",
    "list as set": "!!set [a]",
    "map as omap": "!!omap {a: b}",
    "two in a pair": "!!pairs [{a: 1, b: 2}]",
    "unknown escape": r'"\q"',
    "control character": "a: \x07",
    "not UTF-8": b"a: \xff\n",
    "UTF-16": "a: 1".encode("utf-16"),
    "contains itself": "&a [*a]",
    "contains itself below": "&a {b: [{c: *a}]}",
    "infinite": "[.inf]",
    "infinite key": "{.inf: 1}",
    "not a number": ".nan",
    "65 bits": "18446744073709551616",
    "levels": "[" * 51 + "]" * 51,
    "version": "%YAML 2.0\n---\na",
}

# 2 to the power of 40 values.
BOMB = "- &a0 [x, x]\n" + "".join(f"- &a{level} [*a{level - 1}, *a{level - 1}]\n" for level in range(1, 40))
