"""The smallest TAP runner: every function test_* of the calling module, in order of definition."""
import inspect
import sys
import traceback


class Skip(Exception):
    """Raised with a word of why a test cannot run here."""


def main(module_name='__main__'):
    module = sys.modules[module_name]
    tests = [f for name, f in vars(module).items() if name.startswith('test_') and inspect.isfunction(f)]
    print(f'1..{len(tests)}', flush=True)
    failed = False
    for number, test in enumerate(tests, 1):
        words = test.__name__[5:].replace('_', ' ')
        try:
            test()
            print(f'ok {number} - {words}', flush=True)
        except Skip as why:
            print(f'ok {number} - {words} # SKIP {why}', flush=True)
        except BaseException:
            failed = True
            for line in traceback.format_exc().splitlines():
                print('#', line)
            print(f'not ok {number} - {words}', flush=True)
    cleanup = getattr(module, 'cleanup', None)
    if cleanup:
        cleanup()
    sys.exit(1 if failed else 0)
