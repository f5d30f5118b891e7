"""`python -m pipeline <verb>`. Processes that draw load this file once more, so that nothing is loaded with it."""

if __name__ == "__main__":
    from pipeline.command_line import run

    run()
