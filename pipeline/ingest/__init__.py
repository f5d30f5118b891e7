"""From export files to respondents: read, anonymity gate, recode, check, exclude.

Each step gives an expression that the engine runs; nothing here loops over people.
"""
