"""The commands, a file each, or one for a few that belong together: what each takes, does and prints.

What is heavy is imported when a command runs, so that ``--help`` need not wait for it.
"""
