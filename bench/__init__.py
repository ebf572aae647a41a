"""Benchmarks: the whole way from inbox to mart, beside the script that an analyst would write instead.

Belongs here: measuring whole commands in processes of their own. Does not belong: assertions; nothing here fails a build.
"""
