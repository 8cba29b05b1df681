"""Start the runner as on another computer: python -m tests.runner.elsewhere '{"ONEDNN_MAX_CPU_ISA": "AVX2"}' [its
options]

The runner ignores its own environment, so this process adds the variables to those that it passes to its warm processes
and its judge. The runner itself has no option for them.
"""

import json
import sys

from labs.runner import __main__ as runner
from labs.runner.supervisor.pool import ENVIRONMENT

if __name__ == "__main__":
    ENVIRONMENT.update(json.loads(sys.argv.pop(1)))
    sys.exit(runner.main())
