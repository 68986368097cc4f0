from typing import Any

# Jobs that Windlass runs itself: these raise NotImplementedError when they are used.
GitRepositoryDryRun: Any
GitRepositorySync: Any
