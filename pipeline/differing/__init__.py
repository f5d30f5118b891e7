"""How two waves differ in what their wave files and questionnaires declare. It reads neither people nor numbers.

`lines`: what a difference is made of. `questions`, `routes`, `rounds`: what may differ. `breaks`: where results may not
be joined for it.
"""
