"""Reads a CSV file with pandas, once for each line of standard input, and answers the milliseconds that it took.

Debian: apt install python3-pandas. The file's path is the only argument; the first line of output names the version.
"""

import sys
import time

import pandas

print(pandas.__version__, flush=True)
for _ in sys.stdin:
    began = time.perf_counter()
    frame = pandas.read_csv(sys.argv[1])
    print((time.perf_counter() - began) * 1000, len(frame), flush=True)
