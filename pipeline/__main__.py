"""`python -m pipeline <verb>`. Processes that draw may load this file once more, so that nothing is loaded with it."""

if __name__ == "__main__":
    try:
        from pipeline.command_line import run
    except KeyboardInterrupt:
        # Nothing has begun yet.
        from pipeline.errors import INTERRUPTED

        raise SystemExit(INTERRUPTED) from None
    run()
